"""What pages say that are no lists: walls, log-ins, errors, empty lists, in many languages."""

from __future__ import annotations

import re


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


BLOCKED = _any(
    r"just a moment|attention required|checking your browser",
    r"verify(?:ing)? (?:that )?you are (?:a )?human",
    r"are you (?:a )?(?:human|robot)|(?:not|n[o']t) a (?:ro)?bot|captcha|unusual traffic",
    r"automated (?:access|requests)",
    r"request (?:blocked|unsuccessful|rejected)|requested url was rejected",
    r"access (?:to this page has been )?denied|access to this (?:site|service) has been limited",
    r"ddos[ -](?:protection|guard)|you have been blocked|security check|pardon our interruption",
    r"human verification|bot detection|confirm you are (?:a )?human|disable any ad ?blocker",
    r"unavailable (?:due to|for) legal reasons|not available in your (?:country|region)",
    r"bitte bestätigen sie, dass sie|vérifiez que vous êtes humain",
    r"(?:no soy|je ne suis pas) un robot",
    r"que es un ser humano|verificación de seguridad|não sou um robô|non sono un robot",
    r"безопасност[ьи] соединения|(?:я|вы|а) не робот|проверка браузера",
    r"人机验证|安全验证|访问验证|访问被(?:阻断|拒绝)|ロボットではありません|로봇이 아닙니다",
)
CHALLENGE = (
    "#challenge-form, #challenge-running, #cf-wrapper, .g-recaptcha, .h-captcha, .cf-turnstile, "
    "#px-captcha, #px-captcha-wrapper, iframe[src*=captcha], script[src*=captcha], "
    "script[src*=challenge-platform], script[src*=_Incapsula_], iframe[src*=_Incapsula_], "
    "script[src*=awswaf], meta[name=captcha-bypass]"
)
# What only scripts of walls hold.
CHALLENGE_SCRIPT = re.compile(
    r"_cf_chl_opt|captcha-delivery|sucuri_cloudproxy|gokuProps|bm-verify|/_sec/verify|\bKPSDK\b"
)
LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|anmeld\w+|einloggen|connexion|se connecter|iniciar sesi[oó]n|acceder"
    r"|accedi|entrar|inloggen|logga in|logg inn|zaloguj"
    r"|přihlá\w+|giriş)\b|войти|вход|登录|登錄|ログイン|로그인",
    re.IGNORECASE,
)
MUST_LOG_IN = _any(
    r"(?:must|need to|have to|please) (?:first )?(?:be )?(?:log(?:ged)?|sign(?:ed)?) ?in\b",
    r"(?:log|sign) ?in (?:to (?:continue|view|see|your)|with)",
    r"members[ -]only|authentication required",
    r"debe iniciar sesi[oó]n|inici[ae] sesi[oó]n para",
    r"melden sie sich (?:bitte )?an|bitte (?:einloggen|anmelden)",
    r"veuillez vous (?:connecter|identifier)|faça (?:o )?login|effettua (?:il login|l'accesso)",
    r"необходимо (?:войти|авторизоваться)|请先?(?:登录|登陆)",
    r"ログインしてください|로그인이? (?:필요|후)",
)
SHELLS = (
    "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, #main-app, app-root, [ng-app], "
    "[ng-version], [data-reactroot], [data-server-rendered], #react-root, #application, "
    "#ember-app, #auraLoadingBox"
)
NO_SCRIPT = _any(
    r"(?:enable|activate|turn on|requires?|need|without) java ?script",
    r"java ?script (?:is )?(?:required",
    r"disabled|deaktiviert|desactivado|aktivieren)|javascript (?:aktivieren|activer|activar)",
    r"activez javascript|включите javascript|启用 ?javascript",
)
LOADING = re.compile(
    r"\W*(?:loading|please wait|laden|chargement|cargando|carregando|caricamento|загрузка"
    r"|加载中|読み込み中|로딩)?\W*",
    re.IGNORECASE,
)
# The site has trouble of its own, or is being mended.
UNAVAILABLE = _any(
    r"\b50[0234]\b[\s\w-]{0,30}(?:error|gateway|unavailable|time-?out)",
    r"internal server error|bad gateway",
    r"service (?:is )?(?:temporarily )?unavailable|gateway time-?out|web server is down|\| 52\d:",
    r"error establishing a database|database (?:connection )?error|critical error on this website",
    r"server error in '|^runtime error|fatal error\W|uncaught (?:error|exception)|stack trace:",
    r"(?:under|for|scheduled|performing some|down for) (?:scheduled )?maintenance",
    r"^\W*maintenance\W*$",
    r"be back (?:soon|shortly)|briefly unavailable|en mantenimiento|wartungsarbeiten|wartungsmodus",
    r"en maintenance|maintenance en cours|em manutenção",
    r"in manutenzione|in onderhoud|prace techniczne",
    r"техническ(?:ом обслуживании|ие работы)|系统维护|网站维护|维护中|メンテナンス中|점검 중",
)
NO_SITE = _any(
    r"domain(?: name)?(?: \S+)? is (?:for sale|parked|available for purchase)|website is for sale",
    r"is for sale! |buy this domain|parked free",
    r"domain (?:has )?expired|account (?:has been )?suspended",
    r"^\W*coming soon\W*$|under construction|welcome to (?:nginx|apache|centos|openresty)",
    r"(?:apache2?|nginx|iis|plesk|cpanel)[\w ]* (?:default|welcome|test) page",
    r"^iis windows server|^it works!$",
    r"en construcci[oó]n|im aufbau|en construction|em construção|in costruzione",
    r"сайт (?:находится )?в разработке|网站建设中|工事中|준비 ?중입니다",
)
CONSENT = _any(
    r"before you continue|cookie (?:consent|wall|settings)",
    r"accept (?:all )?cookies|age (?:verification|gate)",
    r"are you (?:over|at least) \d\d|mit werbung (?:weiter)?lesen",
    r"einwilligung|zustimmung erforderlich",
    r"consentement|verificación de edad|continuer sans accepter|дайте согласие",
    r"年龄(?:确认|验证)|年齢確認",
)
MISSING = _any(
    r"\b(?:error )?404\b",
    r"(?:page|site|file|document|seite) (?:was |could )?(?:not|nicht) (?:be )?(?:found",
    r"gefunden)|not found|does(?:n[o']t",
    r" not) exist|can[o'’]?t be found|no longer (?:available|exists)",
    r"page introuvable|n['’]existe (?:pas|plus)|no encontrad[ao]|n[oã]o? existe|não encontrad[ao]",
    r"pagina non trovata|niet gevonden|nenalezen[ao]|nie (?:znaleziono|istnieje)|hittades inte",
    r"ikke (?:funnet|fundet)|ei löytynyt|bulunamadı|не найден[ао]?|не существует|не знайдено",
    r"δεν βρέθηκε|tidak ditemukan|không (?:tồn tại|tìm thấy)|ไม่พบหน้า|غير موجودة?|یافت نشد",
    r"הדף לא נמצא|页面(?:不存在|没有找到)|找不到|見つかりません|페이지를 찾을 수|존재하지 않",
)
EMPTY = re.compile(
    r"\bno (?:\w+ ){0,2}(?:results?|items?|news|posts?|articles?|entries|events?|documents?"
    r"|records?"
    r"|releases|publications|announcements|topics|threads)\b(?: (?:were |was |have been |are "
    r"|yet)?"
    r"(?:found|available|yet|to (?:show|display)|match\w*|at (?:this|the) (?:time|moment)))?"
    r"|nothing (?:found|here|to (?:show|see|display)|(?:was )?published)|there (?:are"
    r"|is) (?:currently )?no\b"
    r"|\b0 (?:results|items|articles)|keine (?:\w+ )?(?:ergebnisse|einträge|treffer|meldungen"
    r"|beiträge"
    r"|termine|nachrichten)|aucune? (?:résultat|article|actualité|événement|publication|document)"
    r"|(?:no hay|no se encontraron|sin) (?:\w+ )?(?:resultados|noticias|entradas|eventos"
    r"|documentos|publicaciones)"
    r"|nessun[ao]? (?:risultat|notizi|articol|event|element)\w*|nenhum[a]? (?:resultado"
    r"|not[ií]cia|evento|item)"
    r"|geen (?:resultaten|berichten|nieuws)|žádné|brak (?:wynik|wpis|aktualno)\w*"
    r"|inga (?:träffar|nyheter)"
    r"|ingen (?:treff|nyheter|resultater)|(?:ничего не|не) найдено|нет (?:новост|запис|событ"
    r"|результат)\w*"
    r"|did not match any|لا توجد|لا يوجد|مورد(?:ی)? یافت نشد"
    r"|לא נמצאו|ไม่พบข้อมูล|không có|tidak ada|bulunmamaktadır"
    r"|暂无|暫無|没有(?:找到|数据"
    r"|内容|记录)|沒有(?:資料|內容)|ありません(?:でした)?|없습니다",
    re.IGNORECASE,
)
EMPTY_LISTS = "ul:empty, ol:empty, tbody:empty, [class*=list]:empty, [class*=results]:empty"
# A script that does nothing but lead elsewhere.
LEADS_ON = re.compile(
    r"""(?:window|document|self|top)?\.?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\()\s*['"]([^'"]+)"""
)
# Frames that show nothing of the page: counters, videos, buttons.
NO_FRAME = re.compile(
    r"googletagmanager|doubleclick|facebook\.|youtube|vimeo|/maps|recaptcha|consent|about:blank"
)
CONTENT_FRAME = re.compile(r"main|content|inhalt|body|right|cent(?:er|re)|contenido", re.IGNORECASE)
REFRESH = re.compile(r"""^\s*\d+\s*[;,]\s*(?:url\s*=)?\s*['"]?([^'"]+)""", re.IGNORECASE)
