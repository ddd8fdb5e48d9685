/** The opening tags of a page's pictures: those that say something, and bars whose figures stand beside them. */
export function picturesOf(page: string): { charts: string[]; ornaments: string[] } {
  const tags = [...page.matchAll(/<svg [^>]*>/g)].map(([tag]) => tag);
  const isOrnament = (tag: string) => tag.includes('aria-hidden="true"');
  return {
    charts: tags.filter((tag) => !isOrnament(tag)),
    ornaments: tags.filter(isOrnament),
  };
}
