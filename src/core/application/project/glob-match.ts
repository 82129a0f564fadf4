/**
 * Matches a value as Argo CD matches names, URLs and namespaces (util/glob/glob.go, on gobwas/glob): `*` for anything up
 * to a separator, `**` for anything, `?`, `[abc]`, `[!abc]` and `{a,b}`. A lone `*` matches all. Without a separator
 * `*` is `**`.
 */
export const globMatch = (pattern: string, value: string, separator = ''): boolean => {
  if (pattern === '*') return true
  const some = separator === '' ? '.' : `[^${separator}]`
  let depth = 0
  const expression = pattern.replace(
    /\\(.)|\*\*|\*|\?|\[!?[^\]]+\]|[{},]|[.+^$()|[\]\\/]/gsu,
    (token: string, escaped?: string) => {
      if (escaped !== undefined) return escaped.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
      if (token === '**') return '.*'
      if (token === '*') return `${some}*`
      if (token === '?') return some
      if (token.length > 1) return token.replace('[!', '[^')
      if (token === '{') depth += 1
      if (token === '{') return '(?:'
      if (token === ',') return depth > 0 ? '|' : ','
      if (token !== '}') return `\\${token}`
      depth -= 1
      return ')'
    },
  )
  try {
    return new RegExp(`^(?:${expression})$`, 'su').test(value)
  } catch {
    return false
  }
}

/** Matches like that, where a `!` in front turns the answer round. */
export const globMatchOrNot = (pattern: string, value: string, separator = ''): boolean =>
  pattern.startsWith('!')
    ? !globMatch(pattern.slice(1), value, separator)
    : globMatch(pattern, value, separator)
