/** Parts of the patterns that recognize facts. All are sources of regular expressions. */

/** A name: up to four capitalized words, with a title. Case-sensitive. */
export const NAME = String.raw`(?:(?:Dr|Mr|Mrs|Ms|Prof)\.? |Professor )?\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*){0,3}`;
export const ADVERBS = String.raw`(?:(?:now|currently|still|actually|also|really|just|recently|originally|always|already|only) )*`;
const PET = String.raw`dog|cat|puppy|kitten|horse|parrot|hamster|rabbit|pony|turtle`;
/** People and animals that somebody has. */
export const RELATION = String.raw`(?:\w+ )?(?:wife|husband|partner|girlfriend|boyfriend|fianc[eé]e?|spouse|son|daughter|child|children|kids|brother|sister|mother|father|mum|mom|dad|parents|grandmother|grandfather|uncle|aunt|cousin|nephew|niece|friend|neighbou?r|roommate|flatmate|colleague|boss|manager|supervisor|teacher|coach|trainer|doctor|dentist|physio|physiotherapist|therapist|p(?:a)?ediatrician|vet|lawyer|landlord|${PET})`;
/** Nouns for lasting possessions and relations. "A question" is not one. */
export const POSSESSION = String.raw`(?:child|children|kids?|sons?|daughters?|brothers?|sisters?|siblings?|twins?|grandchildren|wife|husband|girlfriend|boyfriend|partner|employees?|(?:${PET})s?|pets?|puppies|ponies|cars?|motorbikes?|bikes?|boats?|gardens?|balcony|balconies|house|flat|apartment|garage|driving licen[cs]e|passport|visa|permit|insurance|subscription|membership|vouchers?|coupons?|account|phone|iphone|laptop|macbook|degrees?|access|allerg(?:y|ies)|diabetes|asthma|epilepsy|migraines?|dyslexia|adhd)`;
export const AMOUNT = String.raw`(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|no|several|a pair of|this)`;
/** Attributes with a single value: a new statement replaces the old one. */
export const ATTRIBUTE = String.raw`birthday|email(?: address)?|phone(?: number)?|mobile(?: number)?|(?:new |home |delivery |shipping |billing |work )?address|postcode|zip code|shoe size|dress size|blood type|native language|mother tongue|first language|job|profession|occupation|employer|company|hometown|nationality|time ?zone|budget|deadline|age|height|weight|hobby|hobbies|nickname|surname|middle name|pronouns|username|(?:account|customer|passport|frequent flyer) number`;
/** Verbs of lasting states and habits, in the first person. */
export const STATE_VERB = String.raw`live|work|own|drive|ride|run(?= (?:an?|my|our|two|three|\d)\b)|speak|play|teach|study|use|take|weigh|wear|commute|rent|volunteer|manage|lead|attend|breed|grow|suffer|smoke|drink|eat`;
/** Verbs of events that are worth remembering, in the past. */
export const EVENT_VERB = String.raw`bought|purchased|ordered|booked|reserved|rented|adopted|sold|lost|hurt|broke|injured|sprained|switched|migrated|graduated|married|founded|enrolled|registered|subscribed|retired|published|returned|reported|visited`;
/** Verbs of plans and present activities. */
export const ACTIVITY_VERB = String.raw`planning|building|training for|migrating|staying|starting|moving|writing|developing|renovating|organizing|expecting|saving|recovering|preparing|traveling|travelling|flying|renting|running|applying`;
