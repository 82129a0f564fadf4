const positive = (text: string | null, fallback: number): number => {
  const number = Number(text ?? fallback)
  return Number.isInteger(number) && number > 0 ? number : fallback
}

/** One page of a list and the Link header that leads to the others. */
export const paginate = (
  list: readonly unknown[],
  url: URL,
): Readonly<{ page: readonly unknown[]; link: string | null }> => {
  const size = Math.min(positive(url.searchParams.get('per_page'), 30), 100)
  const number = positive(url.searchParams.get('page'), 1)
  const last = Math.max(1, Math.ceil(list.length / size))
  const to = (page: number, relation: string): string => {
    const target = new URL(url)
    target.searchParams.set('page', String(page))
    return `<${target.href}>; rel="${relation}"`
  }
  const links = [
    ...(number > 1 ? [to(Math.min(number - 1, last), 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first')] : []),
  ]
  return {
    page: list.slice((number - 1) * size, number * size),
    link: links.length > 0 ? links.join(', ') : null,
  }
}
