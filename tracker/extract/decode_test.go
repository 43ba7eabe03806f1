package extract_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"storydiff/tracker/extract"
)

func encoded(t *testing.T, enc encoding.Encoding, text string) string {
	t.Helper()
	s, err := enc.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDecode(t *testing.T) {
	const (
		russian  = "Паром вернётся в июне, сообщил совет порта во вторник вечером."
		chinese  = "渡轮将在六月重新开航，港务局星期二说，这是九年来的第一次。"
		hongkong = "渡輪將在六月重新開航，港務局星期二說，這是九年來的第一次。"
		japan    = "渡し船は六月に戻ってくると、港の役所が火曜日に発表しました。"
		korea    = "항만 위원회는 화요일에 여객선이 유월에 돌아온다고 밝혔습니다."
		german   = "Die Fähre fährt ab Juni für drei Kronen – „endlich“, sagte sie."
	)
	utf16le := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16be := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	meta := func(charset string) string {
		return `<meta http-equiv="Content-Type" content="text/html; charset=` + charset + `">`
	}
	for _, tt := range []struct{ name, body, contentType, want string }{
		{"utf-8", german, "text/html; charset=utf-8", german},
		{"utf-8 mark", "\xEF\xBB\xBF" + german, "text/html; charset=iso-8859-1", german},
		{"utf-16 mark", "\xFF\xFE" + encoded(t, utf16le, german), "", german},
		{"utf-16 without mark", encoded(t, utf16le, german), "text/html; charset=utf-16", german},
		{"utf-16 mark, big endian, against the header", "\xFE\xFF" + encoded(t, utf16be, german), "text/html; charset=utf-8", german},
		{"utf-16 without mark, big endian", encoded(t, utf16be, german), "", german},
		{"utf-16 without mark, unsaid", encoded(t, utf16le, german), "", german},
		{"utf-16 without mark, few zeros", encoded(t, utf16le, "<p>"+chinese), "text/html; charset=utf-16le", "<p>" + chinese},
		{"utf-16 without mark, few zeros, the other end", encoded(t, utf16be, "<p>"+chinese), "text/html; charset=utf-16", "<p>" + chinese},
		{"utf-16 claimed in meta, utf-8 sent", meta("utf-16") + german, "", meta("utf-16") + german},
		{"utf-8 mark against meta", "\xEF\xBB\xBF" + meta("windows-1251") + german, "", meta("windows-1251") + german},
		{"utf-16 claimed, utf-8 sent", german, "text/html; charset=utf-16", german},
		{"latin-1 is windows-1252", encoded(t, charmap.Windows1252, german), "text/html; charset=ISO-8859-1", german},
		{"latin-1 in meta is windows-1252", meta("latin1") + encoded(t, charmap.Windows1252, german), "text/html", meta("latin1") + german},
		{"ascii is windows-1252", encoded(t, charmap.Windows1252, german), "text/html; charset=us-ascii", german},
		{"windows-1252 unsaid", encoded(t, charmap.Windows1252, german), "text/html", german},
		{"the header before meta", meta("iso-8859-1") + encoded(t, charmap.Windows1251, russian), "text/html; charset=windows-1251", meta("iso-8859-1") + russian},
		{"meta before what it looks like", meta("koi8-r") + encoded(t, charmap.KOI8R, russian), "text/html", meta("koi8-r") + russian},
		{"a nonsense header, then meta", meta("gbk") + encoded(t, simplifiedchinese.GBK, chinese), "text/html; charset=martian", meta("gbk") + chinese},
		{"xml declaration", `<?xml version="1.0" encoding="windows-1251"?>` + encoded(t, charmap.Windows1251, russian), "application/xhtml+xml", `<?xml version="1.0" encoding="windows-1251"?>` + russian},
		{"latin-1 claimed, utf-8 sent", german, "text/html; charset=ISO-8859-1", german},
		{"utf-8 claimed, windows-1252 sent", encoded(t, charmap.Windows1252, german), "text/html; charset=utf-8", german},
		{"windows-1251 in the header", encoded(t, charmap.Windows1251, russian), "text/html; charset=windows-1251", russian},
		{"windows-1251 in meta", meta("windows-1251") + encoded(t, charmap.Windows1251, russian), "text/html", meta("windows-1251") + russian},
		{"windows-1251 unsaid", encoded(t, charmap.Windows1251, russian), "", russian},
		{"gbk in meta", meta("gb2312") + encoded(t, simplifiedchinese.GBK, chinese), "", meta("gb2312") + chinese},
		{"gbk in the header", encoded(t, simplifiedchinese.GBK, chinese), "text/html; charset=gbk", chinese},
		{"gb18030 in the header", encoded(t, simplifiedchinese.GB18030, chinese+"㐂"), "text/html; charset=gb18030", chinese + "㐂"},
		{"gbk unsaid", encoded(t, simplifiedchinese.GBK, chinese), "", chinese},
		{"big5 in the header", encoded(t, traditionalchinese.Big5, hongkong), "text/html; charset=big5", hongkong},
		{"big5 in meta", meta("big5") + encoded(t, traditionalchinese.Big5, hongkong), "", meta("big5") + hongkong},
		{"big5 unsaid", encoded(t, traditionalchinese.Big5, hongkong), "", hongkong},
		{"shift_jis in meta", meta("shift_jis") + encoded(t, japanese.ShiftJIS, japan), "", meta("shift_jis") + japan},
		{"shift_jis in the header", encoded(t, japanese.ShiftJIS, japan), "text/html; charset=Shift_JIS", japan},
		{"euc-jp in meta", meta("euc-jp") + encoded(t, japanese.EUCJP, japan), "", meta("euc-jp") + japan},
		{"shift_jis unsaid", encoded(t, japanese.ShiftJIS, japan), "", japan},
		{"euc-kr in the header", encoded(t, korean.EUCKR, korea), "text/html; charset=euc-kr", korea},
		{"euc-kr in meta", meta("ks_c_5601-1987") + encoded(t, korean.EUCKR, korea), "", meta("ks_c_5601-1987") + korea},
		{"euc-kr unsaid", encoded(t, korean.EUCKR, korea), "", korea},
		{"iso-2022-jp", encoded(t, japanese.ISO2022JP, japan), "text/html; charset=iso-2022-jp", japan},
		{"utf-7 revives no script", "+ADw-script+AD4-", "text/html; charset=utf-7", "+ADw-script+AD4-"},
		{"broken corner", "Fähre \xff Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre", "text/html; charset=utf-8", "Fähre \uFFFD Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre"},
		{"broken corner, charset unsaid", "Fähre \xff Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre", "", "Fähre \uFFFD Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre Fähre"},
		{"nul", "fer\x00ry", "", "ferry"},
		{"mojibake stays", "itâ€™s", "text/html; charset=utf-8", "itâ€™s"},
		{"empty", "", "text/html; charset=nonsense", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := extract.Decode([]byte(tt.body), tt.contentType); got != tt.want {
				t.Errorf("Decode(%q, %q) =\n%q, want\n%q", tt.body, tt.contentType, got, tt.want)
			}
		})
	}
}

// Whatever comes in, what comes out is UTF-8 without NULs.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("<meta charset=gbk>\x81\x30"), "text/html; charset=utf-7")
	f.Add([]byte("\xff\xfea\x00"), "")
	f.Add([]byte("\x1b$B%-"), "text/html; charset=iso-2022-jp")
	f.Add([]byte("\x8f\xa2\xa1\x84"), "text/html; charset=hz-gb-2312")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		got := extract.Decode(body, contentType)
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) {
			t.Errorf("Decode(%q, %q) = %q", body, contentType, got)
		}
	})
}
