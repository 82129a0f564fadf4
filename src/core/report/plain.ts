/** A value as a Markdown code span, whatever backticks it holds. */
export const codeSpan = (value: string): string => {
  const line = value.replace(/\s+/g, ' ').trim()
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return line === '' ? '' : `${fence}${pad}${line}${pad}${fence}`
}

/** A code span in a table, where GitHub looks for `|` first, in code too. */
export const codeCell = (value: string): string => codeSpan(value).replaceAll('|', '&#124;')

/**
 * A sentence that may hold values of others: nothing in it becomes a mention, a link, HTML, a table cell or
 * a command. What stands between single backticks becomes code.
 */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 ? codeCell(part.slice(1, -1)) : inert(part)))
    .join('')
    .replace(/^\/seed/, '&#47;seed')

// GitHub looks for mentions and references after it has resolved entities: an invisible space parts those.
const inert = (text: string): string =>
  text.replace(
    /(?<markup>[&\\<>[\]|*_~`])|@|#|GH-(?=\d)|www(?=\.)|:(?=\/\/)/gi,
    (found, markup?: string) =>
      markup === undefined ? `${found}&#8203;` : `&#${markup.charCodeAt(0)};`,
  )

/** At most so many UTF-16 units, and never half of a pair. */
export const shorten = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : text

/** A fenced block that its content cannot close. */
export const fenced = (language: string, content: string): string => {
  const longest = Math.max(
    2,
    ...[...content.matchAll(/^[ \t]*(`{3,})/gm)].map(([, run = '']) => run.length),
  )
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${content.replace(/(?<!\n)\n+$/, '')}\n${fence}`
}

/** A Markdown table; cells are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
