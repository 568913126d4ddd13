/* The search page in Chinese, see search.py. Sphinx loads this after its
   own script. */

// The terms as in search.py. A letter or digit alone is not indexed.
function splitQuery(query) {
  return (query.match(/[\p{L}\p{N}_]+/gu) ?? []).flatMap(
    (words) => words.split(/([\u4e00-\u9fff]+)/)).flatMap(
    (word) => /^[\u4e00-\u9fff]{3}/.test(word)
      ? [...word].slice(1).map((c, i) => word[i] + c) : [word]).filter(
    (word) => !/^\w?$/.test(word));
}

// Sphinx also finds pages without the terms of two letters, and takes the
// best term for the score, not the mean. First come the pages with the terms
// in their own title, then in that of a section, then many times.
const findPages = Search.performTermsSearch;
Search.performTermsSearch = (terms, excluded) => {
  const index = Search._index;
  const has = (list, term, file) => [list[term] ?? []].flat().includes(file);
  return findPages(terms, excluded).map((result) => {
    const file = index.docnames.indexOf(result[0]);
    const title = splitQuery(index.titles[file].toLowerCase());
    const scores = [...terms].map((term) => title.includes(term) ? 30
      : has(index.titleterms, term, file) ? Scorer.title
      : has(index.terms, `many ${term}`, file) ? 2 * Scorer.term
      : has(index.terms, term, file) ? Scorer.term : -Infinity);
    result[4] = scores.reduce((sum, score) => sum + score) / scores.length;
    return result;
  }).filter((result) => result[4] > 0);
};
