"""How thirty-odd languages name the months and the days of the week: data only.

One entry a language (BCP 47 primary subtag). Groups are parted by "|", January or Monday
first; a group lists every spelling met in dates: nominative, genitive, abbreviations
without their dot, all lower case. "_" stands for a blank inside a name. Spellings that
differ only in marks ("février", "fevrier") are derived, not listed.
"""

from __future__ import annotations

MONTHS = {
    "en": "january jan|february feb febr|march mar|april apr|may|june jun|july jul|august aug"
    "|september sep sept|october oct|november nov|december dec",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago"
    "|septiembre setiembre sep sept set|octubre oct|noviembre nov|diciembre dic",
    "pt": "janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul"
    "|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
    "fr": "janvier janv jan|février févr fév|mars mar|avril avr|mai|juin|juillet juil juill jul"
    "|août aoû|septembre sept sep|octobre oct|novembre nov|décembre déc",
    "de": "januar jänner jan jän|februar feber feb|märz mär mrz|april apr|mai|juni jun"
    "|juli jul|august aug|september sept sep|oktober okt|november nov|dezember dez",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug"
    "|agosto ago|settembre set sett|ottobre ott|novembre nov|dicembre dic",
    "nl": "januari jan|februari feb|maart mrt maa|april apr|mei|juni jun|juli jul"
    "|augustus aug|september sep sept|oktober okt|november nov|december dec",
    "ca": "gener gen|febrer feb febr|març mar|abril abr|maig mai|juny jun|juliol jul"
    "|agost ag ago|setembre set|octubre oct|novembre nov|desembre des",
    "gl": "xaneiro xan|febreiro feb|marzo mar|abril abr|maio mai|xuño xuñ|xullo xul"
    "|agosto ago|setembro set|outubro out|novembro nov|decembro dec",
    "eu": "urtarrila urtarrilak urtarrilaren urtarrilean urt"
    "|otsaila otsailak otsailaren otsailean ots|martxoa martxoak martxoaren martxoan mar"
    "|apirila apirilak apirilaren apirilean api|maiatza maiatzak maiatzaren maiatzean mai"
    "|ekaina ekainak ekainaren ekainean eka|uztaila uztailak uztailaren uztailean uzt"
    "|abuztua abuztuak abuztuaren abuztuan abu|iraila irailak irailaren irailean ira"
    "|urria urriak urriaren urrian urr|azaroa azaroak azaroaren azaroan aza"
    "|abendua abenduak abenduaren abenduan abe",
    "pl": "styczeń stycznia sty|luty lutego lut|marzec marca mar|kwiecień kwietnia kwi"
    "|maj maja|czerwiec czerwca cze|lipiec lipca lip|sierpień sierpnia sie"
    "|wrzesień września wrz|październik października paź|listopad listopada lis"
    "|grudzień grudnia gru",
    "cs": "leden ledna led|únor února úno|březen března bře|duben dubna dub"
    "|květen května kvě|červen června čvn čer|červenec července čvc|srpen srpna srp"
    "|září zář|říjen října říj|listopad listopadu lis|prosinec prosince pro",
    "sk": "január januára jan|február februára feb|marec marca mar|apríl apríla apr"
    "|máj mája|jún júna|júl júla|august augusta aug|september septembra sep"
    "|október októbra okt|november novembra nov|december decembra dec",
    "sl": "januar januarja jan|februar februarja feb|marec marca mar|april aprila apr"
    "|maj maja|junij junija jun|julij julija jul|avgust avgusta avg|september septembra sep"
    "|oktober oktobra okt|november novembra nov|december decembra dec",
    "hr": "siječanj siječnja sij|veljača veljače velj|ožujak ožujka ožu|travanj travnja tra"
    "|svibanj svibnja svi|lipanj lipnja lip|srpanj srpnja srp|kolovoz kolovoza kol"
    "|rujan rujna ruj|listopad listopada lis|studeni studenoga studenog stu"
    "|prosinac prosinca pro",
    "sr": "januar januara jan јануар јануара јан|februar februara feb фебруар фебруара феб"
    "|mart marta mar март марта мар|april aprila apr април априла апр|maj maja мај маја"
    "|jun juna juni јун јуна јуни|jul jula juli јул јула јули"
    "|avgust avgusta avg август августа авг|septembar septembra sep септембар септембра сеп"
    "|oktobar oktobra okt октобар октобра окт|novembar novembra nov новембар новембра нов"
    "|decembar decembra dec децембар децембра дец",
    "ru": "январь января янв|февраль февраля фев февр|март марта мар|апрель апреля апр"
    "|май мая|июнь июня июн|июль июля июл|август августа авг|сентябрь сентября сен сент"
    "|октябрь октября окт|ноябрь ноября ноя нояб|декабрь декабря дек",
    "uk": "січень січня січ|лютий лютого лют|березень березня бер|квітень квітня кві квіт"
    "|травень травня тра трав|червень червня чер черв|липень липня лип|серпень серпня сер серп"
    "|вересень вересня вер верес|жовтень жовтня жов жовт|листопад листопада лис лист"
    "|грудень грудня гру груд",
    "be": "студзень студзеня студ сту|люты лютага лют|сакавік сакавіка сак|красавік красавіка кра"
    "|май мая травень траўня|чэрвень чэрвеня чэр|ліпень ліпеня ліп|жнівень жніўня жні"
    "|верасень верасня вер|кастрычнік кастрычніка кас|лістапад лістапада ліс"
    "|снежань снежня сне",
    "bg": "януари яну ян|февруари фев|март мар|април апр|май|юни юн|юли юл|август авг"
    "|септември сеп септ|октомври окт|ноември ное ноем|декември дек",
    "mk": "јануари јан|февруари фев|март мар|април апр|мај|јуни јун|јули јул|август авг"
    "|септември сеп септ|октомври окт|ноември ное ноем|декември дек",
    "ro": "ianuarie ian|februarie feb febr|martie mar mart|aprilie apr|mai|iunie iun|iulie iul"
    "|august aug|septembrie sep sept|octombrie oct|noiembrie noi nov|decembrie dec",
    "hu": "január januári jan|február febr feb|március márc már|április ápr|május máj"
    "|június jún|július júl|augusztus aug|szeptember szept szep|október okt|november nov"
    "|december dec",
    "el": "ιανουάριος ιανουαρίου ιαν|φεβρουάριος φεβρουαρίου φεβ φεβρ"
    "|μάρτιος μαρτίου μάρ μαρ μαρτ|απρίλιος απριλίου απρ"
    "|μάιος μαΐου μαϊου μαϊ\u0301ου μαίου μάι μαΐ μαϊ μαι"
    "|ιούνιος ιουνίου ιούν ιουν|ιούλιος ιουλίου ιούλ ιουλ|αύγουστος αυγούστου αύγ αυγ"
    "|σεπτέμβριος σεπτεμβρίου σεπ σεπτ|οκτώβριος οκτωβρίου οκτ"
    "|νοέμβριος νοεμβρίου νοέ νοε νοεμ|δεκέμβριος δεκεμβρίου δεκ",
    "tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem"
    "|ağustos ağu|eylül eyl|ekim eki|kasım kas|aralık ara",
    "sv": "januari jan|februari feb febr|mars mar|april apr|maj|juni jun|juli jul"
    "|augusti aug|september sept sep|oktober okt|november nov|december dec",
    "no": "januar jan|februar feb febr|mars mar|april apr|mai|juni jun|juli jul|august aug"
    "|september sep sept|oktober okt|november nov|desember des",
    "da": "januar jan|februar feb febr|marts mar|april apr|maj|juni jun|juli jul|august aug"
    "|september sep sept|oktober okt|november nov|december dec",
    "fi": "tammikuu tammikuuta tammikuun tammi|helmikuu helmikuuta helmikuun helmi"
    "|maaliskuu maaliskuuta maaliskuun maalis|huhtikuu huhtikuuta huhtikuun huhti"
    "|toukokuu toukokuuta toukokuun touko|kesäkuu kesäkuuta kesäkuun kesä"
    "|heinäkuu heinäkuuta heinäkuun heinä|elokuu elokuuta elokuun elo"
    "|syyskuu syyskuuta syyskuun syys|lokakuu lokakuuta lokakuun loka"
    "|marraskuu marraskuuta marraskuun marras|joulukuu joulukuuta joulukuun joulu",
    "et": "jaanuar jaan|veebruar veebr veeb|märts|aprill apr|mai|juuni|juuli|august aug"
    "|september sept|oktoober okt|november nov|detsember dets",
    "lv": "janvāris janvārī janvāra janv|februāris februārī februāra febr|marts martā marta"
    "|aprīlis aprīlī aprīļa apr|maijs maijā maija|jūnijs jūnijā jūnija jūn"
    "|jūlijs jūlijā jūlija jūl|augusts augustā augusta aug|septembris septembrī septembra sept"
    "|oktobris oktobrī oktobra okt|novembris novembrī novembra nov"
    "|decembris decembrī decembra dec",
    "lt": "sausis sausio saus sau|vasaris vasario vas|kovas kovo kov|balandis balandžio bal"
    "|gegužė gegužės geg|birželis birželio birž bir|liepa liepos liep lie"
    "|rugpjūtis rugpjūčio rugp|rugsėjis rugsėjo rugs|spalis spalio spal spa"
    "|lapkritis lapkričio lapkr lap|gruodis gruodžio gruod grd",
    "is": "janúar jan|febrúar feb febr|mars mar|apríl apr|maí|júní jún|júlí júl|ágúst ágú"
    "|september sept sep|október okt|nóvember nóv|desember des",
    "ga": "eanáir ean|feabhra feabh|márta|aibreán aib|bealtaine beal|meitheamh meith|iúil"
    "|lúnasa lún|meán_fómhair mfómh mfómhair|deireadh_fómhair dfómh dfómhair"
    "|samhain samhna samh|nollaig noll",
    "cy": "ionawr ion|chwefror chwef chwe chw|mawrth maw|ebrill ebr ebrl|mai|mehefin meh"
    "|gorffennaf gorff gor"
    "|awst|medi|hydref hyd|tachwedd tach|rhagfyr rhag rha",
    "id": "januari jan|februari pebruari feb peb|maret mar|april apr|mei|juni jun|juli jul"
    "|agustus agu agt ags|september sep sept|oktober okt|november nopember nov nop"
    "|desember des",
    "ms": "januari jan|februari feb|mac|april apr|mei|jun|julai jul|ogos ogo|september sep"
    "|oktober okt|november nov|disember dis",
    "sq": "janar jan|shkurt shk|mars mar|prill pri|maj|qershor qer|korrik kor|gusht gush gus"
    "|shtator shta sht|tetor tet|nëntor nën|dhjetor dhj",
    "vi": "tháng_một tháng_giêng|tháng_hai|tháng_ba|tháng_tư tháng_bốn|tháng_năm|tháng_sáu"
    "|tháng_bảy|tháng_tám|tháng_chín|tháng_mười|tháng_mười_một|tháng_mười_hai tháng_chạp",
    "ar": "يناير جانفي كانون_الثاني|فبراير فيفري شباط|مارس آذار|أبريل ابريل إبريل أفريل نيسان"
    "|مايو ماي أيار|يونيو يونيه جوان حزيران|يوليو يوليه جويلية تموز يوليوز|أغسطس اغسطس أوت آب غشت"
    "|سبتمبر أيلول شتنبر|أكتوبر اكتوبر تشرين_الأول|نوفمبر تشرين_الثاني نونبر"
    "|ديسمبر كانون_الأول دجنبر",
    "fa": "ژانویه ژانویهٔ|فوریه فوریهٔ|مارس|آوریل|مه مهٔ می|ژوئن|ژوئیه ژوئیهٔ جولای"
    "|اوت آگوست|سپتامبر|اکتبر|نوامبر|دسامبر",
    "he": "ינואר בינואר ינו' בינו'|פברואר בפברואר פבר' בפבר'|מרץ במרץ מרס במרס"
    "|אפריל באפריל אפר' באפר'|מאי במאי|יוני ביוני"
    "|יולי ביולי|אוגוסט באוגוסט אוג' באוג'|ספטמבר בספטמבר ספט' בספט'"
    "|אוקטובר באוקטובר אוק' באוק'|נובמבר בנובמבר נוב' בנוב'|דצמבר בדצמבר דצמ' בדצמ'",
    "hi": "जनवरी जन|फरवरी फ़रवरी फ़र फर|मार्च|अप्रैल|मई|जून|जुलाई जुल|अगस्त अग|सितंबर सितम्बर सित"
    "|अक्टूबर अक्तूबर अक्टू अक्तू|नवंबर नवम्बर नव|दिसंबर दिसम्बर दिस",
    "th": "มกราคม ม.ค.|กุมภาพันธ์ ก.พ.|มีนาคม มี.ค.|เมษายน เม.ย.|พฤษภาคม พ.ค.|มิถุนายน มิ.ย."
    "|กรกฎาคม ก.ค.|สิงหาคม ส.ค.|กันยายน ก.ย.|ตุลาคม ต.ค.|พฤศจิกายน พ.ย.|ธันวาคม ธ.ค.",
    "af": "januarie jan|februarie feb|maart mrt|april apr|mei|junie jun|julie jul|augustus aug"
    "|september sep|oktober okt|november nov|desember des",
    "lb": "januar jan|februar feb|mäerz|abrëll abr|mee|juni jun|juli jul|august aug"
    "|september sep|oktober okt|november nov|dezember dez",
    "fo": "januar jan|februar feb|mars mar|apríl apr|mai|juni jun|juli jul|august aug"
    "|september sep|oktober okt|november nov|desember des",
    "mt": "jannar jan|frar fra|marzu mar|april apr|mejju mej|ġunju ġun|lulju lul|awwissu aww"
    "|settembru set|ottubru ott|novembru nov|diċembru diċ",
    "eo": "januaro jan|februaro feb|marto mar|aprilo apr|majo maj|junio jun|julio jul|aŭgusto aŭg"
    "|septembro sep|oktobro okt|novembro nov|decembro dec",
    "az": "yanvar yan|fevral fev|mart mar|aprel apr|may|iyun iyn|iyul iyl|avqust avq|sentyabr sen"
    "|oktyabr okt|noyabr noy|dekabr dek",
    "ka": "იანვარი იან|თებერვალი თებ|მარტი მარ|აპრილი აპრ|მაისი მაი|ივნისი ივნ|ივლისი ივლ"
    "|აგვისტო აგვ|სექტემბერი სექ|ოქტომბერი ოქტ|ნოემბერი ნოე|დეკემბერი დეკ",
    "hy": "հունվարի հունվար հնվ|փետրվարի փետրվար փտվ|մարտի մարտ մրտ|ապրիլի ապրիլ ապր"
    "|մայիսի մայիս մյս|հունիսի հունիս հնս|հուլիսի հուլիս հլս|օգոստոսի օգոստոս օգս"
    "|սեպտեմբերի սեպտեմբեր սեպ|հոկտեմբերի հոկտեմբեր հոկ|նոյեմբերի նոյեմբեր նոյ"
    "|դեկտեմբերի դեկտեմբեր դեկ",
    "bn": "জানুয়ারী জানুয়ারি জানু|ফেব্রুয়ারী ফেব্রুয়ারি ফেব|মার্চ|এপ্রিল|মে|জুন|জুলাই"
    "|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর",
    "ur": "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
}

WEEKDAYS = {
    "en": "monday mon|tuesday tue tues|wednesday wed|thursday thu thur thurs|friday fri"
    "|saturday sat|sunday sun",
    "es": "lunes lun|martes mar|miércoles mié|jueves jue|viernes vie|sábado sáb|domingo dom",
    "pt": "segunda segunda-feira seg|terça terça-feira ter|quarta quarta-feira qua"
    "|quinta quinta-feira qui|sexta sexta-feira sex|sábado sáb|domingo dom",
    "fr": "lundi lun|mardi mar|mercredi mer|jeudi jeu|vendredi ven|samedi sam|dimanche dim",
    "de": "montag mo|dienstag di|mittwoch mi|donnerstag do|freitag fr"
    "|samstag sonnabend sa|sonntag so",
    "it": "lunedì lun|martedì mar|mercoledì mer|giovedì gio|venerdì ven|sabato sab|domenica dom",
    "nl": "maandag ma|dinsdag di|woensdag wo|donderdag do|vrijdag vr|zaterdag za|zondag zo",
    "ca": "dilluns dl|dimarts dt|dimecres dc|dijous dj|divendres dv|dissabte ds|diumenge dg",
    "gl": "luns|martes|mércores|xoves|venres|sábado|domingo",
    "eu": "astelehena|asteartea|asteazkena|osteguna|ostirala|larunbata|igandea",
    "pl": "poniedziałek pon pn|wtorek wto wt|środa śro śr|czwartek czw cz|piątek pią pt"
    "|sobota sob|niedziela nie niedz",
    "cs": "pondělí po|úterý út|středa st|čtvrtek čt|pátek pá|sobota so|neděle ne",
    "sk": "pondelok po|utorok ut|streda st|štvrtok št|piatok pi|sobota so|nedeľa ne",
    "sl": "ponedeljek pon|torek tor|sreda sre|četrtek čet|petek pet|sobota sob|nedelja ned",
    "hr": "ponedjeljak pon|utorak uto|srijeda sri|četvrtak čet|petak pet|subota sub|nedjelja ned",
    "sr": "ponedeljak понедељак пон|utorak уторак уто|sreda среда сре|četvrtak четвртак чет"
    "|petak петак пет|subota субота суб|nedelja недеља нед",
    "ru": "понедельник пн|вторник вт|среда ср|четверг чт|пятница пт|суббота сб|воскресенье вс",
    "uk": "понеділок пн|вівторок вт|середа ср|четвер чт|п'ятниця пятниця пт|субота сб|неділя нд",
    "be": "панядзелак пн|аўторак аў|серада ср|чацвер чц|пятніца пт|субота сб|нядзеля нд",
    "bg": "понеделник|вторник|сряда|четвъртък|петък|събота|неделя",
    "mk": "понеделник|вторник|среда|четврток|петок|сабота|недела",
    "ro": "luni lun|marți mar|miercuri mie|joi|vineri vin|sâmbătă sâm|duminică dum",
    "hu": "hétfő|kedd|szerda|csütörtök|péntek|szombat|vasárnap",
    "el": "δευτέρα δευ|τρίτη τρι|τετάρτη τετ|πέμπτη πεμ|παρασκευή παρ|σάββατο σαβ|κυριακή κυρ",
    "tr": "pazartesi pzt|salı|çarşamba çar|perşembe per|cuma|cumartesi cmt|pazar",
    "sv": "måndag mån|tisdag tis|onsdag ons|torsdag tors tor|fredag fre|lördag lör|söndag sön",
    "no": "mandag man|tirsdag tirs|onsdag ons|torsdag tors|fredag fre|lørdag lør|søndag søn",
    "da": "mandag man|tirsdag tirs|onsdag ons|torsdag tors|fredag fre|lørdag lør|søndag søn",
    "fi": "maanantai maanantaina|tiistai tiistaina|keskiviikko keskiviikkona"
    "|torstai torstaina|perjantai perjantaina|lauantai lauantaina|sunnuntai sunnuntaina",
    "et": "esmaspäev|teisipäev|kolmapäev|neljapäev|reede|laupäev|pühapäev",
    "lv": "pirmdiena|otrdiena|trešdiena|ceturtdiena|piektdiena|sestdiena|svētdiena",
    "lt": "pirmadienis|antradienis|trečiadienis|ketvirtadienis|penktadienis|šeštadienis"
    "|sekmadienis",
    "is": "mánudagur|þriðjudagur|miðvikudagur|fimmtudagur|föstudagur|laugardagur|sunnudagur",
    "ga": "luan|máirt|céadaoin|déardaoin|aoine|satharn|domhnach",
    "cy": "llun|mawrth|mercher|iau|gwener|sadwrn|sul",
    "id": "senin|selasa|rabu|kamis|jumat|sabtu|minggu",
    "ms": "isnin|selasa|rabu|khamis|jumaat|sabtu|ahad",
    "vi": "thứ_hai|thứ_ba|thứ_tư|thứ_năm|thứ_sáu|thứ_bảy|chủ_nhật",
    "ar": "الاثنين الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد",
    "he": "שני|שלישי|רביעי|חמישי|שישי|שבת|ראשון",
    "hi": "सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार",
    "th": "จันทร์|อังคาร|พุธ|พฤหัสบดี|ศุกร์|เสาร์|อาทิตย์",
    "zh": "星期一 周一 週一 (一)|星期二 周二 週二 (二)|星期三 周三 週三 (三)|星期四 周四 週四 (四)"
    "|星期五 周五 週五 (五)|星期六 周六 週六 (六)|星期日 星期天 周日 週日",
    "ja": "月曜日 月曜 (月)|火曜日 火曜 (火)|水曜日 水曜 (水)|木曜日 木曜 (木)|金曜日 金曜 (金)"
    "|土曜日 土曜 (土)|日曜日 日曜 (日)",
    "ko": "월요일 (월)|화요일 (화)|수요일 (수)|목요일 (목)|금요일 (금)|토요일 (토)|일요일 (일)",
    "af": "maandag|dinsdag|woensdag|donderdag|vrydag|saterdag|sondag",
    "lb": "méindeg|dënschdeg|mëttwoch|donneschdeg|freideg|samschdeg|sonndeg",
    "fo": "mánadagur|týsdagur|mikudagur|hósdagur|fríggjadagur|leygardagur|sunnudagur",
    "mt": "it-tnejn|it-tlieta|l-erbgħa|il-ħamis|il-ġimgħa|is-sibt|il-ħadd",
    "az": "bazar_ertəsi|çərşənbə_axşamı|çərşənbə|cümə_axşamı|cümə|şənbə|bazar",
    "ka": "ორშაბათი|სამშაბათი|ოთხშაბათი|ხუთშაბათი|პარასკევი|შაბათი|კვირა",
    "hy": "երկուշաբթի|երեքշաբթի|չորեքշաբթի|հինգշաբթի|ուրբաթ|շաբաթ|կիրակի",
}
