// Every other form of these words, and of numbers, is left to the reader of all of YAML.
const words: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const wholeNumber = /^(?:0|[1-9]\d{0,14})$/
const isWord = /^[A-Za-z/](?:[\w./@=+,;()-]|:(?! |$)| (?=[\w./@=+(]))*$/
const isAddress = /^\d+(?:\.\d+){2,3}(?:\/\d+)?$/
const isReserved = /^(?:null|true|false)$/i

const quoted = /^(?:'((?:[^']|'')*)'|("(?:[^"\\]|\\["\\/nt])*")) *(?: #.*)?$/
const unquoted = /^([^ ]+(?: +(?!#)[^ ]+)*) *(?: #.*)?$/

/**
 * The value of a scalar that stands on one line, with a comment or without, where it is one that every reader of YAML takes
 * alike; undefined for all others. An empty list and an empty mapping count as scalars.
 */
export const plainScalar = (text: string): Readonly<{ value: unknown }> | undefined => {
  const [, single, double] = quoted.exec(text) ?? []
  if (single !== undefined) return { value: single.replaceAll("''", "'") }
  if (double !== undefined) return { value: JSON.parse(double) }
  const word = unquoted.exec(text)?.[1] ?? ''
  if (word === '{}') return { value: {} }
  if (word === '[]') return { value: [] }
  if (words.has(word)) return { value: words.get(word) }
  if (wholeNumber.test(word)) return { value: Number(word) }
  const isText = isAddress.test(word) || (isWord.test(word) && !isReserved.test(word))
  return isText ? { value: word } : undefined
}
