package trial

// Words are what the furniture of an outlet says, in its language. A %d stands
// for a number that differs at every view.
type Words struct {
	Related, ReadMore, Ad, Sponsored   string
	Pitches                            []string // of the paid lines
	Reading, Shares, CommentCount      string
	Updated, Ago                       string
	Newsletter, SignUp                 string
	NewsletterLines, SignUpLines       []string
	Meter, Subscribe, Consent, Accept  string
	Comments, Remark, MostRead, UpNext string
	Share                              string
	Elsewhere                          [6][2]string // other articles of the outlet: headline and first sentence
}

// English is the furniture of an English outlet.
func English() *Words {
	return &Words{
		Related: "Related stories", ReadMore: "Read more", Ad: "Advertisement", Sponsored: "Sponsored",
		Pitches: []string{"Sleep well on a Halden mattress this spring.", "Fly to the islands from 49 crowns.", "Lindholm Bank: a loan that thinks ahead."},
		Reading: "%d people are reading this", Shares: "1,%03d shares", CommentCount: "%d comments",
		Updated: "Updated %d minutes ago", Ago: "%d min ago",
		Newsletter: "Get our newsletter", SignUp: "Sign up",
		NewsletterLines: []string{"The day's news in your inbox every morning.", "Five stories before breakfast, free."},
		SignUpLines:     []string{"Sign up for our morning newsletter", "Subscribe to the Harbour Letter, free every Friday"},
		Meter:           "You have %d free articles left this month.", Subscribe: "Subscribe",
		Consent: "We and our %d partners use cookies to give you personalised ads.", Accept: "Accept all",
		Comments: "Comments", Remark: "I have said so all along.", MostRead: "Most read", UpNext: "Up next", Share: "Share",
		Elsewhere: [6][2]string{
			{"Mills bridge closed for third weekend", "Drivers were sent round by Eastholm again on Saturday as engineers looked at a crack in the deck."},
			{"School roof repairs to cost double", "The roof of the Northbank school needs more than a new coat, the surveyor has found."},
			{"Salt works finds a buyer at last", "A family firm from the coast has agreed to take over the works and its forty staff."},
			{"Town band wins regional cup", "The band came first among nineteen in the spring competition, its first cup since 1994."},
			{"Otters return to the upper river", "A night camera has caught a pair of otters and two cubs below the weir at Holm."},
			{"Rent cap goes to the vote in May", "Tenants and owners have until the end of April to comment on the draft."},
		},
	}
}

// German is the furniture of a German outlet.
func German() *Words {
	return &Words{
		Related: "Mehr zum Thema", ReadMore: "Lesen Sie auch", Ad: "Anzeige", Sponsored: "Anzeige",
		Pitches: []string{"Gut schlafen auf Matratzen von Halden.", "Für 49 Kronen auf die Inseln fliegen.", "Lindholm Bank: ein Kredit, der mitdenkt."},
		Reading: "%d Leser", Shares: "%d Aufrufe", CommentCount: "%d Kommentare",
		Updated: "Aktualisiert vor %d Minuten", Ago: "vor %d Minuten",
		Newsletter: "Unser Newsletter", SignUp: "Abonnieren",
		NewsletterLines: []string{"Jeden Morgen die Nachrichten des Tages in Ihrem Postfach.", "Fünf Geschichten vor dem Frühstück, kostenlos."},
		SignUpLines:     []string{"Jetzt unseren Newsletter abonnieren", "Newsletter abonnieren: der Hafenbrief, jeden Freitag"},
		Meter:           "Sie haben in diesem Monat noch %d kostenlose Artikel.", Subscribe: "Jetzt abonnieren",
		Consent: "Wir und unsere %d Partner verwenden Cookies, um Ihnen personalisierte Werbung zu zeigen.", Accept: "Alle akzeptieren",
		Comments: "Kommentare", Remark: "Das sage ich schon lange.", MostRead: "Meistgelesen", UpNext: "Nächstes Video", Share: "Teilen",
		Elsewhere: [6][2]string{
			{"Mühlenbrücke das dritte Wochenende gesperrt", "Autofahrer mussten am Samstag wieder über Ostholm fahren, weil ein Riss im Belag geprüft wurde."},
			{"Schuldach kostet das Doppelte", "Das Dach der Nordufer-Schule braucht mehr als neue Farbe, hat der Gutachter festgestellt."},
			{"Saline findet endlich einen Käufer", "Ein Familienbetrieb von der Küste übernimmt das Werk und seine vierzig Leute."},
			{"Stadtkapelle gewinnt den Pokal", "Die Kapelle wurde im Frühjahr Erste unter neunzehn, zum ersten Mal seit 1994."},
			{"Otter kehren an den Oberlauf zurück", "Eine Nachtkamera hat unter dem Wehr von Holm zwei Otter mit zwei Jungen gefilmt."},
			{"Mietdeckel kommt im Mai zur Abstimmung", "Mieter und Eigentümer können sich bis Ende April zum Entwurf äußern."},
		},
	}
}

// French is the furniture of a French outlet.
func French() *Words {
	return &Words{
		Related: "Sur le même sujet", ReadMore: "À lire aussi", Ad: "Publicité", Sponsored: "Publicité",
		Pitches: []string{"Dormez bien sur un matelas Halden.", "Les îles en avion dès 49 couronnes.", "Banque Lindholm : un prêt qui pense à demain."},
		Reading: "%d vues", Shares: "%d partages", CommentCount: "%d commentaires",
		Updated: "Mis à jour il y a %d minutes", Ago: "il y a %d minutes",
		Newsletter: "Notre newsletter", SignUp: "S’abonner",
		NewsletterLines: []string{"Les nouvelles du jour dans votre boîte chaque matin.", "Cinq histoires avant le petit-déjeuner, gratuitement."},
		SignUpLines:     []string{"Abonnez-vous à notre newsletter du matin", "Inscrivez-vous à la Lettre du port, chaque vendredi"},
		Meter:           "Il vous reste %d articles gratuits ce mois-ci.", Subscribe: "Abonnez-vous",
		Consent: "Nos %d partenaires et nous utilisons des cookies pour afficher des publicités personnalisées.", Accept: "Tout accepter",
		Comments: "Commentaires", Remark: "Je l’ai toujours dit.", MostRead: "Les plus lus", UpNext: "À suivre", Share: "Partager",
		Elsewhere: [6][2]string{
			{"Le pont des Moulins fermé un troisième week-end", "Les automobilistes ont encore fait samedi le détour par Estholm, le temps d’examiner une fissure."},
			{"La toiture de l’école coûtera le double", "Le toit de l’école de la rive nord demande plus qu’une couche de peinture, selon l’expert."},
			{"Les salines trouvent enfin un repreneur", "Une entreprise familiale de la côte reprend les salines et leurs quarante salariés."},
			{"L’harmonie municipale remporte la coupe", "L’harmonie a devancé dix-huit rivales au concours de printemps, une première depuis 1994."},
			{"Les loutres de retour en amont", "Une caméra a filmé de nuit deux loutres et leurs petits sous le barrage de Holm."},
			{"Le plafond des loyers soumis au vote en mai", "Locataires et propriétaires ont jusqu’à fin avril pour donner leur avis sur le projet."},
		},
	}
}

// Chinese is the furniture of a Chinese outlet.
func Chinese() *Words {
	return &Words{
		Related: "相关新闻", ReadMore: "延伸阅读", Ad: "广告", Sponsored: "广告",
		Pitches: []string{"哈尔登床垫，今春好眠。", "四十九元起飞往群岛。", "林德银行：想在前面的贷款。"},
		Reading: "%d次阅读", Shares: "%d次分享", CommentCount: "%d条评论",
		Updated: "更新于%d分钟前", Ago: "%d分钟前",
		Newsletter: "订阅我们的新闻邮件", SignUp: "订阅",
		NewsletterLines: []string{"每天早晨把当天新闻送到您的邮箱。", "早餐前的五条新闻，免费。"},
		SignUpLines:     []string{"点击订阅我们的早间新闻邮件", "免费订阅港口周报，每周五送达"},
		Meter:           "本月您还可免费阅读%d篇文章。", Subscribe: "立即订阅",
		Consent: "我们与%d家合作伙伴使用Cookie为您提供个性化广告。", Accept: "全部接受",
		Comments: "评论", Remark: "我早就这么说了。", MostRead: "热门新闻", UpNext: "下一个视频", Share: "分享",
		Elsewhere: [6][2]string{
			{"磨坊桥第三个周末封闭", "周六司机再次绕行东岛，工程师检查桥面裂缝。"},
			{"学校屋顶维修费用翻倍", "检测人员发现，北岸学校的屋顶需要的不只是重新刷漆。"},
			{"盐场终于找到买家", "一家沿海家族企业同意接手盐场及其四十名员工。"},
			{"镇乐队夺得地区冠军", "乐队在春季比赛十九支队伍中获得第一，为一九九四年以来首次。"},
			{"水獭重返上游", "夜间摄像机在霍尔姆水坝下拍到一对水獭和两只幼崽。"},
			{"租金上限五月表决", "租客和房东可在四月底之前对草案提出意见。"},
		},
	}
}

// Arabic is the furniture of an Arabic outlet.
func Arabic() *Words {
	return &Words{
		Related: "مواضيع ذات صلة", ReadMore: "اقرأ أيضا", Ad: "إعلان", Sponsored: "إعلان",
		Pitches: []string{"نم جيدا على مراتب هالدن هذا الربيع.", "إلى الجزر بالطائرة ابتداء من ٤٩ كرونة.", "مصرف ليندهولم: قرض يفكر مسبقا."},
		Reading: "%d مشاهدة", Shares: "%d مشاركة", CommentCount: "%d تعليق",
		Updated: "منذ %d دقيقة", Ago: "قبل %d دقيقة",
		Newsletter: "اشترك في النشرة البريدية", SignUp: "اشترك",
		NewsletterLines: []string{"أخبار اليوم في بريدك كل صباح.", "خمس قصص قبل الإفطار مجانا."},
		SignUpLines:     []string{"اشترك في نشرتنا البريدية الصباحية", "اشترك مجانا في رسالة الميناء كل جمعة"},
		Meter:           "تبقى لك %d مقالات مجانية هذا الشهر.", Subscribe: "اشترك الآن",
		Consent: "نستخدم نحن وشركاؤنا البالغ عددهم %d ملفات تعريف الارتباط لعرض إعلانات مخصصة.", Accept: "قبول الكل",
		Comments: "تعليقات", Remark: "لقد قلت ذلك دائما.", MostRead: "الأكثر قراءة", UpNext: "الفيديو التالي", Share: "شارك",
		Elsewhere: [6][2]string{
			{"إغلاق جسر الطواحين للأسبوع الثالث", "اضطر السائقون يوم السبت إلى الالتفاف مجددا بينما فحص المهندسون شقا في الجسر."},
			{"كلفة إصلاح سقف المدرسة تتضاعف", "يحتاج سقف مدرسة الضفة الشمالية إلى أكثر من طلاء جديد بحسب الخبير."},
			{"الملاحة تجد مشتريا أخيرا", "وافقت شركة عائلية من الساحل على شراء الملاحة مع عمالها الأربعين."},
			{"فرقة البلدة تفوز بالكأس", "جاءت الفرقة الأولى بين تسع عشرة فرقة في مسابقة الربيع."},
			{"عودة القضاعات إلى أعلى النهر", "رصدت كاميرا ليلية زوجين من القضاعات مع صغيرين تحت السد."},
			{"سقف الإيجارات إلى التصويت في مايو", "أمام المستأجرين والملاك مهلة حتى نهاية أبريل لإبداء الرأي."},
		},
	}
}
