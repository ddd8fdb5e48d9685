import type { Domain, Platform, TaskCategory } from '../../../core/taxonomy.ts';

type Keywords<Label extends string> = readonly (readonly [Label, string])[];

/** Words (as alternatives of a regular expression, at a word's start) that speak for a domain. */
export const DOMAIN_WORDS: Keywords<Domain> = [
  ['adult', 'porn|erotic|escort service|sex toy'],
  [
    'arts_and_entertainment',
    'theatre|theater|museum|exhibition|concert|film|cinema|festival|gallery|painting|music|artist|opera|photograph|kiln|pottery',
  ],
  [
    'autos_and_vehicles',
    'car\\b|cars\\b|vehicle|garage|mileage|engine|tyre|driver|motor|workshop|truck|charging station',
  ],
  ['beauty_and_fitness', 'gym|fitness|hair|salon|colour appointment|cosmetic|yoga|sauna|swim'],
  [
    'books_and_literature',
    'book\\b|books\\b|library|manuscript|author|novel|borrow|reader|publisher|catalogue',
  ],
  [
    'business_and_industrial',
    'pallet|warehouse|supplier|invoice|factory|expense|employee|staff|freight|dock|production|contract',
  ],
  [
    'computers_and_electronics',
    'computer|software|file|click|screen|keyboard|printer|menu|laptop|router|desktop|window|dialog|settings|install|document|server',
  ],
  [
    'finance',
    'bank|account|payment|loan|credit|interest|card|pension|insurance|premium|deposit|refund|tax',
  ],
  [
    'food_and_drink',
    'recipe|cook|bake|oven|flour|butter|onion|garlic|simmer|sauce|meal|buffet|bread|soup|kitchen|ingredient',
  ],
  ['games', 'game|player|console|tournament|chess|tile|score'],
  [
    'health',
    'patient|doctor|clinic|hospital|medicine|prescription|health|blood|donor|vaccin|therapy|nurse|pharmacy|treatment|disability',
  ],
  ['hobbies_and_leisure', 'hobby|club|camp|tent|angl|craft|makerspace|allotment|garden plot|hall'],
  [
    'home_and_garden',
    'heating|repair|flat|garden|plant|seed|allotment|house|boiler|furniture|soil|waste',
  ],
  [
    'internet_and_telecom',
    'router|network|internet|website|tariff|sim\\b|phone number|e-mail|email|wi-?fi|broadband|mobile|domain',
  ],
  [
    'jobs_and_education',
    'student|course|school|exam|university|apprentice|teacher|grant|scholarship|pupil|training|job|hiring|education|degree',
  ],
  [
    'law_and_government',
    'permit|visa|passport|consul|court|jury|council|government|citizen|agency|federal|veteran|law|licence|authority|registry|appeal',
  ],
  ['news', 'press|newspaper|journalist|article|editor|newsroom|correction'],
  ['online_communities', 'forum|member name|post\\b|moderator|community|profile|thread|suspension'],
  ['people_and_society', 'marriage|family|neighbour|community|volunteer|wedding|charity|religio'],
  ['pets_and_animals', 'dog|cat\\b|cats\\b|animal|pet\\b|pets\\b|veterinar|kennel|horse|hive|bee'],
  [
    'real_estate',
    'tenant|landlord|rent\\b|lease|apartment|flat\\b|flats\\b|property|mortgage|viewing|tenancy',
  ],
  [
    'science',
    'laborator|microscop|sample|specimen|research|telescope|experiment|measurement|chemical|observator',
  ],
  ['sensitive_subjects', 'suicide|weapon|firearm|explosive|abuse|narcotic|funeral|terror'],
  [
    'shopping',
    'shop|store|order|basket|voucher|purchase|return|customer|delivery|refund|parcel|discount',
  ],
  ['sports', 'team|league|match|marathon|race|pool|lane|athlete|runner|swimmer|stadium'],
  [
    'travel_and_transportation',
    'flight|airline|hotel|ferry|train|passenger|booking|travel|airport|luggage|berth|harbour|boat|parking|trip',
  ],
];

/** The same for task categories; several words of one kind count more than one word often. */
export const TASK_WORDS: Keywords<TaskCategory> = [
  ['databases', 'database|table|query|record set|sql|field'],
  ['multimedia_processing', 'image|picture|photo|video|audio|graphic|slide|print|gallery|crop'],
  ['cloud_platforms', 'cloud|bucket|instance|snapshot|hosting|virtual server'],
  ['calendar_management', 'calendar|appointment|schedule|slot|reschedul|meeting'],
  ['location_services', 'map\\b|gps|location|nearby|navigation'],
  ['communication', 'e-mail|email|message|call\\b|telephone|contact|sim\\b|number'],
  ['search', 'search|find\\b|look up|catalogue|browse'],
  ['file_systems', 'folder|directory|file|disk|drive|rename|archive'],
  [
    'ecommerce_and_retail',
    'shop|order|basket|purchase|return|voucher|delivery|price|product|store',
  ],
  ['developer_tools', 'code|macro|function|compile|debug|repository|deploy|script|api'],
  ['version_control', 'git\\b|commit|branch|merge'],
  [
    'research_and_data',
    'research|sample|data|grant|proposal|survey|microscop|laborator|article|spreadsheet|cell',
  ],
  [
    'travel_and_transportation',
    'flight|airline|ferry|train|passenger|hotel|travel|trip|visa|passport',
  ],
  ['note_taking', 'notebook|notes\\b|notepad'],
  ['language_translation', 'translat|dictionary|spelling|hyphenation'],
  [
    'security_and_iam',
    'password|login|sign in|permission|encrypt|certificate|access|locked|firewall|identity',
  ],
  ['social_media', 'post\\b|profile|follower|forum|feed|member name'],
  ['monitoring', 'sensor|alarm|monitor|log sheet|reading|battery'],
  [
    'customer_support',
    'customer|claim|complaint|desk|counter|request|refund|appeal|report|service|member|booking|apply|application|permit',
  ],
  ['financial_trading', 'trade|broker|shares|portfolio|securities'],
  ['marketing', 'campaign|newsletter|advert'],
  ['enterprise_business_intelligence', 'expense|report|dashboard|quarter|staff|approval'],
  [
    'transportation_logistics',
    'parcel|pallet|shipment|delivery|freight|warehouse|dock|carrier|truck|collection',
  ],
  ['iphone_android', 'android|iphone|smartphone|app\\b|tablet'],
  ['smart_home', 'heating|thermostat|router|lamp|boiler|oven|machine|temperature|cook|simmer|bake'],
  [
    'education_elearning',
    'student|course|school|exam|pupil|lesson|university|apprentice|education',
  ],
  ['robot_control', 'robot|gripper|drone'],
  ['website_control', 'website|web site|web page|browser|online form|page'],
  ['gaming_entertainment', 'game|player|console|tournament|theatre|ticket|concert'],
];

export const PLATFORM_WORDS: Keywords<Platform> = [
  [
    'operator',
    'clerk|agent|desk|counter|office|staff|colleague|hotline|librarian|operator|receptionist|customer|applicant|member\\b|members|we (?:then|will|send|check)|policy',
  ],
  [
    'computer',
    'click|menu|dialog|window|screen|keyboard|sidebar|toolbar|computer|button|website|page|browser|online|sign in|upload|desktop|e-mail|portal|choose',
  ],
  ['phone', 'smartphone|app\\b|tap\\b|mobile|swipe|android|iphone|sim card'],
  [
    'machine',
    'machine|oven|device|lever|valve|motor|boiler|pump|router|lamp|microscope|kiln|boil|simmer|bake|heat|pan\\b|pot\\b|tank|filter|press and hold',
  ],
];
