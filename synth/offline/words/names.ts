const split = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Given and family names of invented people, from many places. */
export const GIVEN_NAMES =
  split(`Ines Tomasz Amara Jonas Leila Matteo Yuki Freya Daniel Priya Oskar Noor Elena
Kwame Sofia Henrik Mei Lucas Zainab Pavel Clara Idris Hanna Rafael Astrid Omar Lena Viktor Salma Felix Anouk
Deniz Marta Eoin Tamar Luis Greta Farid Nadia Emil Rosa Arjun Katja Bruno Imani Sven Olga Hugo Aisha Petra
Milan Ruth Kofi Vera Anton Lucia Teo Birgit Samir Joana`);
export const FAMILY_NAMES =
  split(`Brandt Okafor Lindqvist Moreau Tanaka Novak Silva Haddad Kowalski Mensah Ferrari
Nguyen Petrov Larsen Costa Yilmaz Weber Rossi Kaur Dubois Horvat Santos Keller Ahmed Nilsen Marino Jansen Popov
Castro Vogel Mwangi Fischer Reyes Ito Bakker Romano Sharma Hansen Dvorak Ozturk Duarte Egger Halonen Kimura
Lopes Murray Nadir Olsen Pinto Quist Rinaldi Stein Torres Usman Varga Wolff Ximenes Zeman Abbott Byrne`);
export const TOWNS =
  split(`Lisbon Tampere Gdansk Porto Leuven Graz Aarhus Bilbao Lyon Utrecht Galway Turin Bergen
Split Tartu Zagreb Ghent Malmo Basel Trieste Brno Cork Nantes Uppsala`);
export const STREETS =
  split(`Mill Harbour Station Chapel Orchard Market River Castle Linden Meadow Bridge Garden
Quarry Forest Church Canal`);
