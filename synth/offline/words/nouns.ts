const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** People whom a service is for. */
export const CLIENTS =
  words(`member customer guest patient passenger visitor student applicant resident tenant
driver owner reader borrower user client veteran claimant subscriber cardholder buyer traveller traveler pupil
parent participant exhibitor vendor supplier skipper farmer beekeeper donor volunteer citizen taxpayer
householder employee contractor researcher player competitor angler hunter cyclist renter hirer lender seller
merchant candidate beneficiary policyholder camper climber diver grower gardener artist musician author
shopper caller trader musher rider requester requestor keeper breeder depositor lodger sender recipient`);

/** People who carry a service out. */
export const STAFF =
  words(`clerk agent operator receptionist librarian staff technician nurse officer warden
attendant assistant dispatcher manager supervisor registrar teller cashier engineer inspector pharmacist
conductor steward archivist curator custodian porter ranger keeper administrator coordinator analyst mechanic
caretaker bursar secretary usher harbourmaster foreman team desk office doctor vet veterinarian teacher
instructor lab crew planner controller host colleague referee mentor trainer chair`);

/** Heads of phrases that name a service or the place of one. */
export const PLACES =
  words(`office desk library shop store clinic hospital pharmacy archive museum hotel garage
workshop depot warehouse school college university bank airline theatre theater gym pool harbour harbor marina
campsite kennel council agency court registry laboratory lab hotline counter centre center department station
studio nursery company club association observatory aquarium zoo gallery cinema hostel dispensary bakery dairy
laundry orchard vineyard cemetery airport helpdesk branch boatyard shipyard foundry brewery greenhouse
planetarium workshop makerspace sawmill mill vault`);

/** Things a service keeps a record of, so that a number names one of them. */
export const RECORDS =
  words(`booking reservation order account ticket loan case claim permit licence license
application request registration subscription membership policy invoice bill contract shipment parcel delivery
consignment appointment prescription sample specimen item book device vehicle boat pallet container locker
berth room table seat pitch plot instrument tool machine bike bicycle car van trailer kit appliance meter
passport card certificate complaint refund return payment transaction reservation rental hire lease tenancy
warranty repair job project ticket incident asset animal pet dog cat horse hive batch lot order stall stand
booth slot exhibit artwork painting record file deposit voucher pass visa tour flight line plan coupon
manuscript costume canoe kayak scooter drone microscope telescope film reel tank kiln press loom grave
mooring hall court field lane key keycard badge box crate basket tree bed cylinder bottle tyre wheel engine`);

/** Words that say nothing as an object or as a head. */
export const WEAK =
  words(`thing things way ways one ones it them this that these those fact kind sort example
step steps following same other others ok button buttons lot bit part parts use case cases time times need
reason reasons something anything everything nothing someone anyone everyone more most less least much many
sure note care place advantage mind question questions rest result results end start top bottom side
left right moment while day days hour hours minute minutes week weeks month months year years amount
information details detail kinds procedure procedures process matter matters mouse key keys cursor pointer
contact help attention turn order action actions situation choice page section text paragraph chapter icon
site link tab course advance general particular addition person people view either neither both all any
answer manner effect hand hands number yes no up down mention account_for above below menu arrow`);

/** Heads that name something only with a word before them: "bounce keys", "registration page". */
export const WEAK_ALONE =
  words(`key keys button buttons icon tab link page section menu site option options text course
part parts process procedure procedures information details detail contact hours days procedure list lists`);

/** Words at which a noun phrase ends. */
export const STOPS =
  words(`of to in on at by for with without from into onto over under above below between
through during before after until till since within against among about around across along behind beside
near off out up down per via than as like and or but nor so yet if unless when while where because although
though whether that which who whom whose what how why is are was were be been being am do does did has have
had can could may might must shall should will would not no never only just also then again back first next
once twice soon later already still even too very quite rather together here there now he she it they we you
i him her them us me himself itself themselves yourself this these those there's it's please either neither
both etc e.g i.e using called named including instead otherwise however therefore away upon toward towards
straight upright asunder directly always often usually sometimes immediately later earlier accordingly ahead apart alone
online offline abroad elsewhere depending except beyond inside outside plus whenever wherever afterwards anyway else`);

/** Words before a noun that are not part of its name. */
export const DETERMINERS =
  words(`the a an your their his her its our my any all each every this that these those
some another both such no several many few more enough one's either appropriate relevant respective whole
entire own same new next following first second third desired required necessary certain specific particular
correct right other existing current preferred remaining different additional extra further usual full
possible available optional`);

/** Nouns in -ing that are names of things, not verbs. */
export const ING_NOUNS =
  words(`booking parking training building cleaning hearing meeting listing setting rating
filing wing ring string spring ceiling evening morning mooring painting recording reading drawing opening
heating lighting clothing housing casing tracking billing banking shipping mailing landing fitting coating
dressing stuffing filling topping icing frosting pudding dumpling herring seedling sapling marking wiring
bearing saving earning offering screening viewing posting backing bedding pricing roaming streaming typing
voicemail`);
