"""The other words found in and around dates, in any language: data only.

Lower case, parted by blanks; "_" stands for a blank inside a phrase. One word may mean
two things in two languages ("ago"): such words have a class of their own in `shape`.
"""

from __future__ import annotations

# Between day, month and year: "22 de enero del año 2018", "22nd of", "2018 m. sausio 22 d."
FILLERS = (
    "de del of the st nd rd th er re ème eme ro o º ª den der año ano any anno di dell della"
    " dello г р r года году год рік року роки роц god godine godina leta rok roku roka година"
    " gada gadā metų metu ko jahr jahres an năm na ye te yang й го ого е я ва га aasta blwyddyn"
    " bliain พ.ศ. ค.ศ. วันที่ (e)ko (e)an (a) (an) g թ թ. ta' il წლის წელი ж"
)
AND = "to bis al a-l til till  до по y e et und and i и та og och en és ja şi și až do au"

# What may stand right before a time of day.
AT = (
    "at v u ve um à klo kl klokken kell kello ob в о у às as las les ore alle alles pukul jam"
    " lúc orë saat ώρα στις ώρες เวลา बजे"
)
HOURS = "h hs hrs uhr ч час часа часов godz godzina óra urile น."
AM = "am a.m. a.m a._m. π.μ. πμ  上午 午前 오전 凌晨 早上 清晨"
PM = "pm p.m. p.m p._m. μ.μ. μμ 下午 午後 午后 오후 晚上 傍晚"

# Words that announce a date. The first two decide between two dates of one item.
PUBLISHED = (
    "published posted publicado publicada publié publiée veröffentlicht pubblicato pubblicata"
    " geplaatst gepubliceerd publicat opublikowano dodano publikováno zveřejněno vydáno"
    " objavljeno објављено опубликовано опубликована размещено опубліковано публикувано"
    " publicerad publicerat publisert publiceret udgivet julkaistu avaldatud publicēts"
    " paskelbta yayınlanma yayın közzétéve megjelent δημοσιεύθηκε δημοσιεύτηκε released created"
    " added issued erstellt mis creado creada criado criada diterbitkan dipublikasikan 发布"
    " 發布 发表 發表 发布时间 發布時間 公開 公開日 投稿 投稿日 掲載 掲載日 등록 등록일 작성"
    " 작성일 발행 نشر"
)
UPDATED = (
    "updated update modified edited revised changed actualizado actualizada actualización"
    " atualizado atualizada atualização modificado modificada mis_à_jour mise_à_jour màj"
    " aktualisiert geändert bijgewerkt aggiornato aggiornata aktualizováno aktualizace upraveno"
    " zaktualizowano aktualizacja ažurirano обновлено изменено оновлено обновена uppdaterad"
    " oppdatert opdateret päivitetty muokattu uuendatud atjaunots atnaujinta güncelleme"
    " güncellendi frissítve módosítva ενημερώθηκε diperbarui cập_nhật 更新 更新日 更新时间"
    " 更新時間 最終更新 修改 수정 수정일"
)
LABELS = (
    "on date dated day by from since when time le il el lo la den dne dnia der em data fecha"
    " datum päivä päivämäärä päiväys dátum dato dag dată tarih tarihi ημερομηνία kuupäev datums"
    " дата від от на ond in with pada tanggal tgl 日期 日時 日付 时间 時間 날짜 تاريخ بتاريخ"
    " תאריך opinion filed fra från"
)
# Before a number that counts something: "No. 12 May 2007" is issue 12.
NUMBERED = "no nr num número numero number nº n° № vol volume issue ver version versión release"

# ---- counted from now ----------------------------------------------------------------

AGO = (
    "ago hace vor il_y_a hai há fa temu назад тому таму 前 之前 以前 전 sitten sedan siden"
    " síðan geleden önce evvel πριν lalu trước atrás atras před pred prije pre пре пред преди"
    " acum în_urmă dela pirms prieš tagasi ó_shin shin yn_ôl ôl منذ قبل לפני पहले ที่แล้ว"
    " ที่ผ่านมา fyrir ezelőtt sidan eest zpět"
)
ONE = (
    "a an one un una uno une ein eine einer einem einen een één en ett et ei um uma jeden jednu"
    " jednou jedna jedną один одну одна одне едно един една egy bir ένα μία μια yksi"
)
# Shorter than one unit: the time of the fetch.
JUST_NOW = (
    "just_now right_now moments_ago a_moment_ago a_few_seconds_ago seconds_ago ahora_mismo"
    " à_l'instant gerade_eben zojuist adesso przed_chwilą právě_teď только_что щойно az_önce"
    " şimdi just_nu akkurat_nå lige_nu"
    " juuri_nyt baru_saja vừa_xong 刚刚 剛剛 方才 たった今 방금"
)

UNITS = {
    "second": (
        "second seconds sec secs s segundo segundos seconde secondes sekunde sekunden secondo"
        " secondi seconden segon segons sekundy sekund sekundę sekundami sekundi sekunda"
        " sekundu секунд секунды секунду секунди секунда sekunder sekuntia sekúndum secunde"
        " másodperce másodperccel δευτερόλεπτα saniye detik giây 秒 秒钟 秒鐘 초 ثانية ثوان"
        " שניות सेकंड วินาที"
    ),
    "minute": (
        "m minute minutes min mins minuto minutos minuten minuut minuti minuts minut minutę"
        " minuty minuta minutami minutou minútami minutama minutu минут минуты минуту минута"
        " хвилин хвилини хвилину мин хв хвіліны минути минуте minuter minutter minutt"
        " minuttir minuti minuuttia"
        " minutit minūtes minūtēm minučių mínútum perce perccel λεπτά λεπτό dakika menit"
        " minit phút"
        " 分钟 分鐘 分 분 دقيقة دقائق דקות मिनट นาที"
    ),
    "hour": (
        "h hour hours hr hrs hora horas heure heures stunde stunden ora ore uur uren uurtje"
        " hores godzinę godziny godzin godzina hodinou hodinami hodin hodinu hodiny ure ur uro"
        " urami urama sati sata sat сати сата сат час часа часов години годину годин гадзін"
        " гадзіны часове"
        " timme timmar time timer timar tímar tunti tuntia tundi tunni stundām stundas"
        " valandų valandas val"
        " klukkustund klukkustundum órája órával ώρες ώρα saat jam giờ 小时 小時 个小时 個小時"
        " 时间 時間 시간 ساعة ساعات שעות שעה घंटे घंटा ชั่วโมง tunnit"
    ),
    "day": (
        "d day days día días dia dias jour jours tag tage tagen giorno giorni dag dagen dies"
        " dzień dni dnem dny dní dňami dana dan dneva dnevom dnevoma dňom дана дан день дня"
        " дней дні днів дзён дни"
        " ден дена dagar dager dage dagur dögum degi døgn døger zi zile zilei nap napja"
        " nappal ημέρες ημέρα"
        " μέρες gün hari hari-hari päivä päivää päeva dienām dienas dienų dieną dienos ngày"
        " 天 日 일 يوم"
        " أيام ימים दिन วัน"
    ),
    "week": (
        "w week weeks semana semanas semaine semaines woche wochen settimana settimane weken"
        " setmana setmanes tydzień tygodnie tygodni týdnem týdny týždňami tednov tedna"
        " tednoma tednom tjedan"
        " tjedna nedelje недеље неделю недели недель тиждень тижні тижнів седмици седмица vecka"
        " veckor uke uker uge uger viikko viikkoa nädalat nädala veke veker vikur viku"
        " sedmice sedmica nedēļām savaites savaičių vikum"
        " săptămâni săptămână hét hete héttel εβδομάδες εβδομάδα hafta minggu pekan tuần 周 週 週間"
        " 星期 个星期 個星期 주 أسبوع أسابيع שבועות सप्ताह สัปดาห์"
    ),
    "month": (
        "month months mo mos mes meses mois monat monate monaten mese mesi maand maanden mesos"
        " miesiąc miesiące miesięcy měsícem měsíci mesiacmi mesecev mjesec mjeseca mjeseci"
        " месеци месеца месяц месяца месяцев місяць місяці місяців månad månader måned måneder"
        " kuukausi kuukautta kuud mēnešiem mėnesius mėnesių mánuðum luni lună hónap hónapja"
        " μήνες μήνα ay bulan tháng 个月 個月 ヶ月 か月 カ月 ヵ月 개월 달 شهر أشهر חודשים महीने"
        " เดือน"
    ),
    "year": (
        "y year years yr yrs año años ano anos an ans jahr jahre jahren anno anni jaar any anys"
        " rok lata lat rokem lety rokmi leti let godinu godine godina године година год года"
        " лет рік роки років гадоў гады години år vuosi vuotta aastat gadiem metus metų árum ár"
        " ani éve évvel χρόνια χρόνο yıl sene tahun năm 年 년 سنة سنوات שנים साल ปี"
    ),
}

# What a unit means beside one word for "ago": three hours in Ukrainian, three years elsewhere.
UNIT_BESIDE = {("години", "тому"): "hour"}

# Days from today. "hier" is yesterday in French and "here" in German: see `only_in`.
DAY_WORDS = {
    0: (
        "today hoy hoje aujourd'hui aujourd’hui heute oggi vandaag avui hoxe gaur dzisiaj dziś"
        " dnes danes danas данас сегодня сьогодні сёння днес денес azi astăzi ma σήμερα bugün"
        " idag i_dag tänään täna šodien šiandien í_dag inniu heddiw hari_ini hôm_nay 今天 今日"
        " 本日 오늘 اليوم היום आज วันนี้ sot"
    ),
    -1: (
        "yesterday ayer ontem hier gestern ieri gisteren ahir onte atzo wczoraj včera včeraj"
        " jučer juče јуче вчера вчора учора tegnap χθες χτες dün igår i_går eilen eile vakar"
        " í_gær inné ddoe kemarin semalam hôm_qua 昨天 昨日 어제 أمس אתמול เมื่อวาน เมื่อวานนี้"
        " dje"
    ),
    -2: (
        "anteayer anteontem avant-hier vorgestern eergisteren przedwczoraj předevčírem"
        " predvčerom predvčerajšnjim prekjučer prekjuče позавчера позавчора завчора завчера"
        " προχθές förrgår toissapäivänä tegnapelőtt 前天 一昨日 おととい 그저께 그제"
    ),
}
ONLY_IN = {
    "hier": frozenset({"fr"}),
    "ma": frozenset({"hu"}),
    "sot": frozenset({"sq"}),
    "vakar": frozenset({"lt", "lv"}),
    "dan": frozenset({"hr", "sr", "sl"}),
}

# ---- zones ---------------------------------------------------------------------------

# Minutes east of UTC. Names that mean several zones have their commonest meaning, unless
# the source's own zone uses the name.
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "trt": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "nst": -210,
    "ndt": -150, "pet": -300, "cot": -300, "ect": -300, "bot": -240, "vet": -240, "clt": -240,
    "clst": -180, "art": -180, "brt": -180, "brst": -120, "uyt": -180, "pyt": -240,
    "ist": 330, "pkt": 300, "npt": 345, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "myt": 480,
    "pht": 480, "wib": 420, "wita": 480, "wit": 540, "ict": 420, "awst": 480, "acst": 570,
    "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "sast": 120, "cat": 120,
    "eat": 180, "wat": 60,
}  # fmt: skip

# First year minus one of the eras that count years.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民國": 1911, "民国": 1911}
MINGUO = 1911
BUDDHIST = 543
