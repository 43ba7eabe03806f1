// The search of an exported report. It loads the files beside it that the words
// asked for are in, and nothing else.
(() => {
'use strict'
const textsPerFile = 400, wordFiles = 256, most = 100
const here = new URL('.', document.currentScript.src)
const waiting = new Map(), loaded = new Map()

// The files call this with what they hold.
window.storydiffLoaded = (name, value) => { loaded.set(name, value) }

const load = name => {
	if (!waiting.has(name)) {
		waiting.set(name, new Promise(done => {
			const s = document.createElement('script')
			s.src = new URL('search/' + name + '.js', here)
			s.onload = s.onerror = () => done(loaded.get(name))
			document.head.append(s)
		}))
	}
	return waiting.get(name)
}

const joined = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const fold = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '')

// wordsOf is the same as in the program that made the files.
const wordsOf = text => {
	const words = new Set()
	let run = '', pair = []
	const end = () => {
		if (run) words.add(run)
		if (pair.length === 1) words.add(pair[0])
		run = ''; pair = []
	}
	for (const c of fold(text)) {
		if (joined.test(c)) {
			if (run) end()
			pair.push(c)
			if (pair.length > 1) words.add(pair.slice(-2).join(''))
		} else if (/[\p{L}\p{N}]/u.test(c)) {
			if (pair.length) end()
			run += c
		} else end()
	}
	end()
	return [...words]
}

const fileOf = word => {
	let sum = 0
	for (let i = 0; i < Math.min(2, word.length); i++) sum = (sum * 31 + word.charCodeAt(i)) % wordFiles
	return 'w' + sum.toString(16).padStart(2, '0')
}

// parse takes a query apart: words, beginnings of words, phrases.
const parse = query => {
	const terms = []
	for (const m of query.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
		const text = m[1] ?? m[2]
		const words = wordsOf(text)
		if (words.length) terms.push({words, start: m[1] === undefined && /\*$/.test(text), phrase: m[1] !== undefined || words.length > 1 ? fold(text).replace(/\*$/, '').trim() : ''})
	}
	return terms
}

const textsWith = async (word, start) => {
	const words = await load(fileOf(word)) || {}
	if (!start || word.length < 2) return Object.hasOwn(words, word) ? words[word] : []
	const all = new Set()
	for (const w of Object.keys(words)) if (w.startsWith(word)) words[w].forEach(i => all.add(i))
	return [...all].sort((a, b) => a - b)
}

const search = async query => {
	const terms = parse(query)
	let ids = null
	for (const t of terms) for (const w of t.words) {
		const holding = await textsWith(w, t.start)
		ids = ids === null ? holding : ids.filter((set => i => set.has(i))(new Set(holding)))
	}
	const articles = await load('articles') || []
	const hits = []
	let more = false
	for (const i of (ids || []).toReversed()) {
		const texts = await load('t' + Math.floor(i / textsPerFile)) || []
		const row = texts[i % textsPerFile]
		if (!row || !articles[row[0]]) continue
		const plain = fold(row[3]).replace(/\s+/g, ' ')
		if (!terms.every(t => !t.phrase || plain.includes(t.phrase.replace(/\s+/g, ' ')))) continue
		if (hits.length === most) { more = true; break }
		hits.push({article: articles[row[0]], first: row[1], last: row[2], text: row[3]})
	}
	return {hits, more, terms}
}

// mark appends a text with the words that were asked for marked.
const mark = (to, text, terms) => {
	let at = 0
	for (const m of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
		const f = fold(m[0])
		if (!terms.some(t => t.words.some(w => f === w || t.start && f.startsWith(w) || joined.test(w) && f.includes(w)))) continue
		to.append(text.slice(at, m.index))
		const found = document.createElement('mark')
		found.textContent = m[0]
		to.append(found)
		at = m.index + m[0].length
	}
	to.append(text.slice(at))
}

const link = (href, text) => {
	const a = document.createElement('a')
	a.href = href
	a.textContent = text
	return a
}

const show = ({hits, more, terms}) => {
	found.textContent = terms.length === 0 ? '' : hits.length === 0 ? 'Nothing like that stood in any version.'
		: more ? 'The newest ' + most + ' lines.' : hits.length === 1 ? '1 line.' : hits.length + ' lines.'
	list.replaceChildren(...hits.map(h => {
		const [id, headline, outlet, versions] = h.article
		const li = document.createElement('li'), head = document.createElement('p'), text = document.createElement('p'), where = document.createElement('p')
		head.className = 'dateline'
		where.className = 'remark'
		head.append(outlet + ' ', link('articles/' + id + '.html', headline))
		text.dir = 'auto'
		mark(text, h.text, terms)
		where.append(h.first === h.last ? 'In version ' : 'In versions ', link('articles/' + id + '/versions/' + h.first + '.html', String(h.first)))
		if (h.first !== h.last) where.append(' to ', link('articles/' + id + '/versions/' + h.last + '.html', String(h.last)))
		if (h.last < versions) where.append('; removed: ', link('articles/' + id + '/changes/' + h.last + '..' + (h.last + 1) + '.html', 'the change'))
		li.append(head, text, where)
		return li
	}))
}

const box = document.getElementById('q'), found = document.getElementById('found'), list = document.getElementById('hits')
let turn = 0
const ask = async () => {
	const mine = ++turn
	const result = await search(box.value)
	if (mine === turn) show(result)
	history.replaceState(null, '', box.value ? '#' + encodeURIComponent(box.value) : ' ')
}
box.addEventListener('input', ask)
const asked = decodeURIComponent(location.hash.slice(1))
if (asked) { box.value = asked; ask() }
box.focus()
})()
