"""Everyday words, which nobody mistyped: a correction leaves them as they are.

An article that never says "bread" or "gone" has "break" and "one": a search for the former
is then better left without a hit than led to the latter. Words of fewer than four letters are
not corrected in any case, so they are not here.
"""

# The most frequent words of English subtitles and encyclopaedia articles, as the frequency
# lists of zxcvbn (MIT licence) order them.
_ENGLISH = """
abandon abandoned ability able abort about above absolute academic accent accept
accepted accepting accident accidents according account achieved acquired across
acting actions active activity actor acts actual actually added addition address
adjacent adjust adopted adoption advance advanced advantage advice advise affect
affected affects afraid after afternoon again against agent ages agree agreed
agreement ahead alarm album alert alien alike alive allow allowed allowing allows
almost alone along alongside already alright also although always among amount
analysis analyze ancient angry announce annoying annual anonymous another answer
answered answering answers anybody anymore anyone anything anytime anyway anyways
anywhere apart appeal appear appeared appears applied approach approve approved area
areas arena argument around arrange arrive article articles artists aside asked asking
asks assembly assigned assistant assume assuming assure assured attached attack
attacks attempt attempted attempts attention audience australia author authority
available average avoid avoiding award aware away awkward back backs backup backwards
badge badly bail bake baked balance band bands bank bare barely bars base based basic
basically basis batch bear beat beats beautiful became because become becomes becoming
been beep before began begin beginning begins behave behaved behavior behind being
beings believe believed believes bells belong belongs below bench bend beneath benefit
bent beside besides best better between beware beyond bidding bigger bind bits bizarre
blah blame blend bless blind blink block blocked blocking blond blow blowing blown
board bodies body bogus bomb bone book books boom boost boot border boring borrow
borrowed boss both bother bothering bottom bought bound boxes boyfriend breach bread
break breaking breaks breath breathe breathing bridge brief briefly brilliant bring
brings broadcast broke broken brought brush bugs build building built bulletin bump
bumped bundle buried business busy button buys cake call called caller calling calls
came camera campaign camping cancel canceled candidate cannot capable capacity capital
captive capture captured card cards care careful carefully cares carriage carried
carry carrying case cases cast casual catch catches catching category caught cause
caused causes causing caution cautious ceiling cell cells center central centre
century certain certainly chain chained challenge chance chances change changed
changes changing channel chapter character charge charm chart charts chat cheap
cheaper cheat cheating check checked checking checks child children choice choices
choose choosing chop chose chosen christmas chunk circle circuit city civilized claim
claimed claims clamp clarify class classes clean cleaned cleaner cleaning clear
cleared clearer clearing clearly clever client clients clip clock close closed closely
closer closes closest closing clue coach code cold collapsed colleague collect
collected college color comb combined come comes coming command comment commit
committed common commonly community companies company compare compared comparing
complain complaint complete completed complex composed composer concept concerned
condition conducted confident confirm confirmed conflict confuse confused confusing
connected consider consists consult consumed contact contacted contacts contain
contained contains content continue continued continues contract contrary control
converted cook cooked cool copies copy core corner correct correctly corrupt cost
costs could count counting countries country couple course courses courtesy cover
covered covers crash crazy create created creating creation credit crisis critical
crossed crossing cultural cups curiosity curly current currently customer cuts cutting
cycle daily damage damned dance dangerous dark dash data date dates daughter daylight
days dead deadline deal dealing deals dealt dear death debt decades decent decide
decided deciding decision decisions declare declared dedicated deep deeper deepest
deeply defined degree degrees delay deliver delivery demand density deny depend
depends derived describe described describes design designed designs desk despair
despite destined destroy destroyed detail details detector develop developed device
diary didn died dies different difficult dimension direct directed direction directly
director dirty disagree disappear disaster discount discovery discuss discussed
dismiss dispatch display distance distinct ditch dive divided division does doing
dollars done door dots double doubt doubts down dozen dozens draft drag drastic draw
drawn drift drill drive drives driving drop dropped dropping drops dumb dummy dump
dumped dumping dumps during duty dying each eager earlier earliest early earth ease
easier easiest easily east easy eating eats economy edge edition editor educated
effect effective effects effort efforts eggs eight either elegant elements eleven
eliminate else emergency employed employee employees empty ended ending endless ends
engine engines english enjoy enormous enough entered entire entirely entry envelope
episode equal equals erase erased escape escaped escaping establish estimated even
evening event events ever every everybody everyday everyone evidence exact exactly
exam examine example examples excellent except exchange execute executive exercise
exhausted exist existence existing exit expanded expansion expect expected expecting
expects expensive expert explain explains explode explore expose expressed extended
extension extensive external extra extremely eyes face faced facility fact factor
factors factory facts fade fail failed failure faint fair fairly faithful fake fall
falling falls false familiar families family famous fancy farm fashion fashioned fast
fatal fault favor favorite favourite fear feature featured features featuring feed
feeding feeds feel feeling feels fell felt female feminine fetch field fifth figure
figured figures figuring file files fill filled filling fills films final finally find
finding finds fine finish finished finishing fired fires firing first fits five fixed
fixing flag flat flight flip float floating floor flow fluids flush flushed focus
focused fold folks follow followed following follows fools foot forbid forbidden force
forced forces foreign forget forgets forgiving forgot forgotten fork form formal
format formed former formerly forms forth fortunate forty forward found four fourth
fragile free freeze french fresh friend friendly friends from front frozen fruit
fulfill full fully function functions funny further future gain gallery game games
garbage gate gather gave gear geek general generally generator genuine german germany
gets getting giant girl give given gives giving glad global glorious glue goal goals
goes going gold gone good gotten grab grand granted great greater greatest greedy
greet greeting grew grey group groups grow growing growth guarantee guard guards guess
guessed guessing gutter habit habits hair half halfway hamburger hand handed handful
handle handled handles handling hands hang hanging hangs happen happened happening
happens happily happy hard harder hardest hardly harmless harsh hassle hate have
having head headed heading headline headlines heads health hear heard hearing hears
heart heartbeat heat heavily heavy height held help helped helpful helping helps here
hereby hide hiding high higher highest highly hint hire hiring history hits hitting
hold holding holds hole holes holidays home honesty honor honored hook hope hopefully
hoping host hosted hostile hotel hour hours house hovering however https huge human
hundred hurt idea ideas identity ignore ignored ignoring illegal image images
imaginary imagine immune impact imply implying important improve improved inch
incident include included includes including incoming increase increased indeed
influence info inform informed initial initially initials injection insecure inside
insight insist insists inspector inspired installed instant instead integrity intend
intended intention interest interests interfere interior intern internal interrupt
intimate into introduce invented invisible invite invited involve involved issue
issued issues italian italy item items itself jazz jobs join joined joining joint
judge judgement jump jumped jumps junk just justified justify keep keeping keeps kept
kicked kicking kicks kind kinds kingdom kiss knee knew know knowing knowledge known
knows label labour lack laid land lands language languages large largely larger
largest last late later latest latin latter launch launched lazy lead leader leading
leads leak leap learn learned learning lease least leave leaves leaving left legal
length lent less lets letter letters letting level levels library license lies life
lifetime lift lifting light lightly like liked likely likes liking limited line lines
links list listed listen listened listening listens literally little live lives load
loaded loan local locate located location locations lock locked locking locks logical
lone longer look looked looking looks loose lose loses losing loss lost lots love
loved lower luck luckily lunch lying made magical mail mails main mainly maintain
major majority make makes making male manage managed manager many marked market
marketing mask masks mass massage match matches matching material materials math
matter matters maximum maybe mean meaning means meant meantime meanwhile media median
medium meet meeting member members memo memory mend mention mentioned menu merely
merged mess message messages messed messes messing messy method methods metro middle
might million millions mind minded mine minus minute minutes mirror mirrors misplaced
miss missed misses missing missouri mistake mistaken mistakes mixed mobile mocking
model modeling models modern mold moment moments monitors month months more morning
mortal most mostly motives mount move moved movement moves movie movies moving much
multi multiple music must mutual myself name named names nanny national native natural
naturally nature nbsp near nearby nearly neat necessary need needed needing needle
needs negative negotiate neighbor neighbors neither network never newest newly news
next nice nicely nicer night nights nine nobody noise none noon normal notable notably
note noted notes nothing notice noticed noticing notified notify nowhere number nurse
obey object objects obligated observe observed obtained obvious obviously occupied
occur occurred occurs ocean odds offer offered offers office official often okay older
oldest once ones only onto oops open opened opening opens opera operate operates
operating operation opinion opposed opposite option options order ordered ordering
orders ordinary organized origin original other others otherwise ought ours ourselves
outs outside over overall overdue overly override owed owned owner owners owns pacific
pack package packages packed pager paid pain painful paint pair panic paper papers
paranoid parent parents part parties partner parts party passed passes passing past
patch path patient pause paying payoff pays peak pending people percent perfect
perfectly perform performed perhaps period permanent person personal personnel persons
phase phone phones photo physical pick picked picking picks picture pictures piece
pieces pile pinned pipe pipes pizza place placed places plain plan planned planning
plans plant planted plants platform play played players playing plays pleasant please
plenty plot plotting plug plumbing plus pocket poet point pointing pointless points
poke poking policy pool poor popped popping pops popular port portal portion position
positions positive possible possibly post postpone postponed potatoes potential pound
pounds pour power powerful practice precisely predict prefer prep prepare prepared
preparing presence present presented presents president press pressing presume pretend
pretended pretty prevent preview previous primarily primary prime principal print
prints prior priority privacy privilege probably problem problems procedure proceed
process produce produced producing product products professor profit program programme
programs progress project projects promise promised promises promote promoted proof
proper properly property propose proposed protect protector prove proven proves
provide provided provides providing province proving public publicity published pull
pulled pulling pulls pulse pump purchase pure purely purpose purposes push pushed
pushing puts putting puzzle qualified quality quarter quarters question questions
quick quicker quickly quiet quietly quit quite quitting quiz quote race races radio
railroad raise raised raising range rank ranked rare rate rather rational rats reach
reached reaching read reading reads ready real realise reality realize realized really
realm reason reasons rebound rebuild recall receipt receive received receiving recent
recently recipe recognize recommend record recorded recorder recording records recover
recovery reduce reduced refer reference referred referring refers refill refuse
refused refusing regarding regards region regions register regular regularly reject
rejection relate related relations relax relaxed release released reliable relieved
rely remain remaining remains remark remarks remember remembers remind reminded
reminder reminds remotely remove removed renamed repeat repeating replaced report
reported reporter reports represent require required research resent reserve resolve
resources respect respects respond response rest resting result resulted resulting
results retire retrieve return returned returning reveal revealed reverse review
reviews ribbon ridge right rights ring rise risk risks role roles roll rolled rolling
room rough round route routine rule rules running runs saddle sadly safe safely safer
safety said sake sales same sandwich sane satisfied satisfy save saved saves saving
saying says scale scan scenario scenes schedule scheduled scheme school schools score
scored scoring scrambled scrape scratch screen screwed scroll scrub sealed search
searched searching season seat second secondary seconds secrecy secrets section
sections secure seeing seem seemed seems seen sees selected selection self sell semi
send sending sends sense senses sensible sensing sensitive sent sentence separate
sequence series serious seriously serve served serves service services serving session
sets setting settle settled setup seven several shall shallow shape shaped share
shared sharing sheet shelf shift shifts ship shipped ships shirt shoe shoes short
shortly shot should shout shove show showed showing shown shows shrink shut side sides
sight sign signal signature signed signs silence silent silly similar simpler simply
since single sink sister site sites sits situation sixth size sketch skills skip
skipped skipping slash sleep sleeping slept slice slide slight slightly slip slips
sloppy slow slowly small smaller smart smarter smash smile snap social sock socks soft
solid solitary solo solve solved some somebody someday somehow someone something
sometime sometimes somewhere song songs soon sooner sore sorry sort sorts sound
sounding sounds source sources space spare speak speaking speaks special specials
specific speed speeding spell spend spent spin spit split splitting spoken spot
spotted spread square squeeze stab staff stage stairs stalking stamp stand standard
standards standing stands stars start started starting starts starving stash stashed
stat state stated statement states stating station stations status stay staying stays
steady step stepping steps stick sticking still stock stop stopped stopping stops
store stores stories story straight strange strength stress stretch strictly strings
stroke stronger strongest structure stuck student students study stuff stuffing style
subject subjects subtle succeed succeeded such suffer suffering suggest suggested
suite suits supply support supported suppose supposed sure surely surface surprise
surprised surprises survey survive suspect suspected suspects sweep switch switched
switching system systems table tables tabs tail tails take taken takes taking tale
talk talked talking talks tall tape task taste tastes teach teaching team teams
technical teeny telephone tell telling tells tempted tempting tend tense term terms
terrible terribly territory tested tests text than thank thanks that their them theme
then theory there therefore these they thick thin thing things think thinking thinks
third thirty this those though thought thousand thousands thread threat three through
throw throwing thrown throws thumb thus tick ticked ticket tickets tied tighter till
time timer times timing tiny tips tired title titled titles today together token told
tolerate tomorrow tone tongue tons took tool topic tops torch total totally touch
touched touching tour toward towards town trace track tracked tracking tracks trade
traffic trail trailer train trained training tramp transfer translate transport trap
trapped traps trash trashed tray treat treated treating treatment treats tree trees
trial trick tricks tried trip true truly trust trusted trusting truth trying tuned
turn turned turning turns twelve twenty twice type types typical typically ugly unable
under undo unhappy uniform union unique unit units universal unknown unless unlike
unlikely unload unlock unpack unstable untie until unusual update upon upper upside
urgent used useless user users uses using usual usually vague vain valuable value
values variety various verbal verdict verge verify version versions very vice video
vietnam view views violated violation visit visited visitor visual voice void volume
vote voted votes wacky wait waited waiter waiting wake wakes walk walking walks want
wanted wanting wants warehouse warm warn warned warning watch watched watches watching
water wave ways weak weather website week weekend weekends weekly weigh weight weird
well went were what wheel when whenever where wherever whether which while whine whip
whoever whole whom whose wide widely wild will willing wind window wine wins wiped
wire wish wishes witch with within without witness woman wonder wonderful wont word
words work worked worker workers working works world worry worse worst worth worthless
would wrap wrapped wrapping wraps write writer writers writing written wrong wrote
yeah year years yesterday york younger your yours yourself zero zone
"""

_GERMAN = """
abend abends aber aktuell alle allem allen aller allerdings alles allgemein also
alte alten andere anderem anderen anderer anderes anders anfang anfrage angeben
angebot angegeben anmelden anmeldung anruf anrufen ansicht antwort anzeige
anzeigen arbeit arbeiten auch aufgabe aufrufen augen auszug auto bald bank
bedeutet beide beiden beim beispiel bekomme bekommen bekommt benutzen benutzer
bereich bereits besser beste bestellt bestellung betrag bezahlen bezahlt bild
bilder bisher bitte bleibt brauche brauchen braucht brief bringen buch buchung
chef code dabei dafür daher damals damit danach danke dann daran darauf darf darin
darum dass datei dateien daten datum dauert davon dazu dein deine deinem deinen
deiner denken denn dennoch deren dessen deutsch deutsche diese diesem diesen
dieser dieses dinge direkt doch doppelt dort drei drucken durch dürfen eben
ebenfalls eigene eigenen einem einen einer eines einfach eingabe eingeben einige
einigen einmal einstellen eintrag einzeln eltern ende endlich entfernen entweder
erhalte erhalten erhält erledigt erst erste ersten erster erstes etwa etwas euch
euer eure fach fahren faktor fall falle fallen falls falsch falsche fast fehler
fehlt feld fenster fertig fest feste finde finden findet firma folgen folgende
form fort frage fragen frau frei fremd freund freunde früher funktion führt fünf
ganz ganze ganzen geben gegen gehe gehen geht gehört geld gemacht genau genug
gerade gern gerne gerät gesagt geschickt gesehen gesendet gesperrt gestern getan
gewesen gibt gilt ging glaube gleich groß große guten gutes haben halb hallo halt
halten hand handy hast hatte hatten haus heißt helfen heute hier hilfe hinter hoch
hoffe holen hören ihnen ihre ihrem ihren ihrer immer indem info inhalt innen
inzwischen irgendwie jahr jahre jede jedem jeden jeder jedes jedoch jemand jene
jetzt jung kann karte kaufen kaum kein keine keinem keinen keiner kenne kennwort
kind kinder klappt klar klein kleine komme kommen kommt konnte konnten konto
kosten kostet kunde kunden kurz kündigen lage lang lange lassen lauf laufen laut
leben leer legen leicht leider lesen letzte letzten leute lieber liegt linie link
links liste lohn läuft löschen machen macht manche mann marke mehr mein meine
meinem meinen meiner meines meist melden meldung menge mensch menschen milch
minute minuten monat monate morgen musik muss musste möchte mögen möglich müssen
nach nachher nachricht nacht name namen natürlich neben nehmen nein nennen nett
neue neuen neuer neues neun nicht nichts nimmt noch norm note nummer nutzen oben
oder offen ohne opfer ordnen ordner paar paket partner person pfand plan platz
plus post preis preise probe problem probleme produkt punkt quelle rechnung recht
rechte rechts reden regel reicht reihe rein reise rest richtig rolle rote rufen
ruhe runde sache sachen sage sagen sagt samt satz schalten schlecht schluss
schnell schon schreiben schule schwer sechs sehe sehen sehr seid sein seine seinem
seinen seiner seit seite seiten selber selbst senden sicher sichern sicht sieben
siehe sieht sind sitz sofort sogar solche sollen sollte sondern sonst sorge
speichern spiel sprache spät später stadt stand stark statt stehe stehen steht
stelle stellen stimmt straße stunde stunden suche suchen tabelle tage tagen tarif
tasche taste team teil teile telefon test text tief tisch titel trotz trotzdem
umsatz unser unsere unserem unseren unten unter vater vergessen verloren version
verstehe versuch viel viele vielen vier voll vorbei vorher vorn vorne wagen wahl
wahr wann waren warte warten warum wasser wechseln wegen weil weit weiter weiß
welche welchem welchen welcher welches welt wenig weniger wenn werde werden wert
wieder will wird wirklich wissen woche wochen woher wohin wohl wohnung wollen
wollte worden wort wozu wurde wurden wäre würde würden zahl zahlen zahlt zahlung
zehn zeigen zeigt zeile zeit zeiten ziel zimmer zuerst zufall zugang zuletzt
zurück zusammen zwar zwei zweimal zweite zwischen ändern öffnen über überall
überhaupt übers
"""

EVERYDAY_WORDS = frozenset(_ENGLISH.split()) | frozenset(_GERMAN.split())
