import { verbs } from './verbs.ts'

// Letters and slashes of other scripts that look like the ones of `/seed`, where Unicode's compatibility forms do not
// part them already (https://www.unicode.org/Public/security/latest/confusables.txt).
const twins: Readonly<Record<string, string>> = {
  ...{ ѕ: 's', ꜱ: 's', ʂ: 's', е: 'e', є: 'e', ҽ: 'e', ɛ: 'e', '℮': 'e', ԁ: 'd', ɗ: 'd', ժ: 'd' },
  ...{ '⁄': '/', '∕': '/', '⧸': '/', '╱': '/', '⟋': '/', '\\': '/', '∖': '/', '⧵': '/' },
}
const entity = /&(?:#0*47|#x0*2f|sol);/gi

/** A line with letters, slashes and blanks as they look, in lower case. */
const asItLooks = (line: string): string =>
  Object.entries(twins).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    line
      .normalize('NFKD')
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .toLowerCase()
      .replace(entity, '/'),
  )

// Marks of lists, quotes, headings, tables, emphasis and code, and tags.
const decoration = String.raw`(?:\[x\]|[-+*#_~.!@$:()\[\]{}|>"'“”‘’«»\d${'`'}\s]|<[^<>]*>)`
const before = new RegExp(`^${decoration}+`)
const behind = /(?:[-+*_~.!:)\]}|"'“”’»`\s]|<[^<>]*>)+$/

/** A line without its marks, as it looks. */
export const undecorated = (line: string): string => asItLooks(line).replace(before, '')

/** A command is short; and what ends in marks takes time by the square of its length. */
const longestCommand = 300

const someVerb = Object.keys(verbs).join('|')
const slashed = new RegExp(
  String.raw`^/+(?:seed(?:$|[\s${'`'}*_~()\[\]|<>"'“”:;,!?]|\.(?:\s|$))|\s+seed\s*$|\s*seeds?[-\s/._:]*(?:${someVerb})\b)`,
)

/** Tells whether a line without its marks begins like a command, spelt in whatever way. */
export const beginsSo = (said: string): boolean => slashed.test(said) || isWhole(said)

/** Tells whether a line without its marks is a command and nothing else, with or without its slash. */
export const isWhole = (said: string): boolean => {
  if (said.length > longestCommand) return false
  const [, verb = '', rest = ''] =
    /^\/*\s*seeds?\s+(\p{L}+)(?:\s+(.*))?$/su.exec(said.replace(behind, '')) ?? []
  const row = Object.entries(verbs).find(([name]) => name === verb)?.[1]
  const words = rest.split(/\s+/).filter(word => word !== '' && !word.startsWith('--'))
  return row !== undefined && words.length <= (row.cluster === 'none' ? 0 : 1)
}
