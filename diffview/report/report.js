// The only script of the report. Every page is whole without it: it adds times
// in the reader's zone, keys, and buttons that copy. It writes text alone, never
// markup, and asks for nothing but pages of this report.
"use strict";
(() => {
	const all = (what, within = document) => [...within.querySelectorAll(what)];
	const make = (name, text, how = {}) => {
		const e = Object.assign(document.createElement(name), how);
		e.textContent = text;
		return e;
	};

	// Times. The server writes UTC, as "10:05 UTC, 1 March 2026", in tables "1 Mar
	// 2026 10:05", and of an interval within a day "10:05" for its beginning.

	const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
	const writers = new Map();
	// zoneName is the short name of a zone: each English knows those of its own.
	const zoneName = (date, timeZone, name) => {
		for (const language of ["en-US", "en-AU", "en-IN"]) {
			if (!/^GMT[+-]/.test(name)) break;
			const key = language + timeZone;
			if (!writers.has(key)) writers.set(key, new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "short" }));
			name = writers.get(key).formatToParts(date).find((p) => p.type === "timeZoneName").value;
		}
		return name;
	};
	const parts = (date, month, timeZone) => {
		const key = month + timeZone;
		if (!writers.has(key)) {
			writers.set(key, new Intl.DateTimeFormat("en-GB", {
				timeZone, month, year: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
				hourCycle: "h23", timeZoneName: "short",
			}));
		}
		const p = {};
		for (const { type, value } of writers.get(key).formatToParts(date)) p[type] = value;
		p.timeZoneName = zoneName(date, timeZone, p.timeZoneName);
		p.clock = p.hour + ":" + p.minute;
		p.date = p.day + " " + p.month;
		return p;
	};
	const clock = (p, seconds) => seconds ? p.clock + ":" + p.second : p.clock;
	const full = (p, seconds) => clock(p, seconds) + " " + p.timeZoneName + ", " + p.date + " " + p.year;

	// localText says text, which the server wrote for date, in the reader's zone.
	// Where it is the beginning of an interval, end is when that ends.
	const localText = (text, date, end) => {
		const seconds = /\d:\d\d:\d\d/.test(text);
		if (/\d{4} \d\d:\d\d/.test(text)) {
			const p = parts(date, "short", zone);
			return p.date + " " + p.year + " " + clock(p, seconds);
		}
		const p = parts(date, "long", zone);
		if (/\d{4}$/.test(text) || !end) return full(p, seconds);
		const q = parts(end, "long", zone);
		if (p.year !== q.year) return full(p, seconds);
		if (p.date !== q.date) return clock(p, seconds) + " " + p.timeZoneName + ", " + p.date;
		return clock(p, seconds) + (p.timeZoneName === q.timeZoneName ? "" : " " + p.timeZoneName);
	};

	const localTimes = () => {
		if (!zone || /^(Etc\/)?(UTC|GMT)$/.test(zone)) return;
		const times = all("time[datetime]");
		const dates = times.map((t) => new Date(t.dateTime));
		times.forEach((t, i) => {
			const text = t.textContent;
			if (isNaN(dates[i])) return;
			if (!/\d\d:\d\d/.test(text)) {
				if (t.closest("h2")) t.textContent = text + " (UTC)"; // a day that entries are grouped by
				return;
			}
			t.textContent = localText(text, dates[i], dates[i + 1]);
			t.title = full(parts(dates[i], "long", "UTC"), true);
		});
		for (const th of all("th")) {
			if (th.textContent.endsWith("(UTC)")) th.textContent = th.textContent.replace("(UTC)", "(" + zone + ")");
		}
		for (const td of all("td[data-label$='(UTC)']")) td.dataset.label = td.dataset.label.replace("(UTC)", "(" + zone + ")");
		for (const note of all("[data-zone]")) note.textContent = "Times are shown in your zone, " + zone + "; each has UTC as its title.";
	};

	// Keys: j and k go from change to change on a page, n and p to the next and the
	// page before. Who speaks to the browser, or types by other means, can turn
	// them off; that is kept in this browser.

	const memory = {
		get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
		set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* it holds for this page alone */ } },
	};
	let keys = memory.get("keys") !== "off";
	const stops = () => all(".diff a.place, .entry, .life > .version").map((e) => e.closest(".block") || e);
	let at = null;

	const go = (step) => {
		const list = stops();
		let i = list.indexOf(at);
		if (i < 0) { // from what is in view
			const below = list.findIndex((e) => e.getBoundingClientRect().top > 1);
			i = below < 0 ? list.length : below;
			if (step > 0) i--;
		}
		const to = list[i + step];
		if (!to) return;
		at = to;
		const target = to.querySelector("h3 a") || to;
		if (target === to) to.tabIndex = -1;
		target.focus({ preventScroll: true });
		to.scrollIntoView({ block: "center" });
		if (to.id) history.replaceState(null, "", "#" + to.id);
	};
	const follow = (rel) => {
		const link = document.querySelector("a[rel~=" + rel + "]");
		if (link) link.click();
	};
	const actions = { j: () => go(1), k: () => go(-1), n: () => follow("next"), p: () => follow("prev") };

	document.addEventListener("keydown", (e) => {
		if (!keys || e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
		if (e.target instanceof Element && e.target.closest("input, select, textarea, [contenteditable]")) return;
		if (Object.hasOwn(actions, e.key)) {
			e.preventDefault();
			actions[e.key]();
		}
	});

	const tellKeys = () => {
		const list = document.querySelector("footer dl");
		if (!list) return;
		const text = make("dd", "");
		const toggle = make("button", "", { type: "button" });
		const show = () => {
			text.firstChild.data = keys
				? "j and k go to the next change on a page and the one before, n and p to the next page and the one before. "
				: "They are off. ";
			toggle.textContent = keys ? "Turn keys off" : "Turn keys on";
		};
		text.append(document.createTextNode(""), toggle);
		toggle.addEventListener("click", () => {
			keys = !keys;
			memory.set("keys", keys ? "on" : "off");
			show();
		});
		show();
		list.append(make("dt", "Keys"), text);
	};

	// Copying: beside each link to a text, a button that copies it.

	const copyButtons = () => {
		if (!navigator.clipboard) return;
		for (const link of all("a[data-copy]")) {
			const button = make("button", "Copy", { type: "button", className: "copier" });
			const what = " as " + link.textContent;
			button.append(make("span", what, { className: "hidden" }));
			const said = make("span", "", { className: "aside" });
			said.setAttribute("role", "status");
			button.addEventListener("click", async () => {
				try {
					const answer = await fetch(link.href);
					if (!answer.ok) throw new Error(answer.statusText);
					await navigator.clipboard.writeText(await answer.text());
					said.textContent = "copied";
				} catch {
					said.textContent = "not copied; the link shows the text";
				}
			});
			link.after(" ", button, " ", said);
		}
	};

	localTimes();
	tellKeys();
	copyButtons();
})();
