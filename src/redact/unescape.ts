/**
 * A text without its escapes; `starts` and `ends` give for each character where it comes from, and are empty where
 * there was none.
 */
export type Unescaped = Readonly<{
  text: string
  starts: Int32Array
  ends: Int32Array
  /** From here on what was given may be the beginning of an escape. */
  open: number
}>

/** JSON in JSON in HTML, and one more. */
const mostLayers = 4

const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', num: '#' },
  ...{ lowbar: '_', ast: '*', grave: '`', commat: '@', sol: '/', bsol: '\\', vert: '|' },
  ...{ verbar: '|', lsqb: '[', rsqb: ']', lbrack: '[', rbrack: ']', lpar: '(', rpar: ')' },
  ...{ colon: ':', semi: ';', period: '.', comma: ',', excl: '!', equals: '=', plus: '+' },
  ...{ dollar: '$', percnt: '%', quest: '?', lcub: '{', rcub: '}', tab: '\t', newline: '\n' },
}
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** Characters that join nothing and show nothing, such as the space between an @ and a name. */
const invisible = String.raw`[\u00AD\u200B-\u200D\u2060\uFEFF]`
const escapes = new RegExp(
  [
    '&#(?<decimal>[0-9]{1,7});|&#[xX](?<hex>[0-9a-fA-F]{1,6});|&(?<name>[a-zA-Z]{2,8});',
    String.raw`\\u\{(?<point>[0-9a-fA-F]{1,6})\}|\\U(?<long>[0-9a-fA-F]{8})`,
    String.raw`\\u(?<unit>[0-9a-fA-F]{4})|\\x(?<byte>[0-9a-fA-F]{2})`,
    // YAML goes on in the next line; the shell leaves its quotes and comes back.
    String.raw`\\\r?\n[ \t]*|'(?<quote>')|'\\(?<shell>')'|\\(?<control>[nrtbf])|\\(?<sign>[^\w\s])`,
    '(?<percent>(?:%[0-9a-fA-F]{2})+)',
    invisible,
  ].join('|'),
  'g',
)
const mayBeEscaped = new RegExp(String.raw`[&\\%]|''|${invisible}`)

/** An escape whose end is not there yet. */
const begun =
  /(?:&#?[0-9a-zA-Z]{0,8}|\\(?:[uUx]\{?[0-9a-fA-F]{0,8}|\r?\n?[ \t]*|')?|(?:%[0-9a-fA-F]{2}){0,4}%[0-9a-fA-F]{0,2}|'\\?'?)?$/
const longestEscape = 16

/**
 * The text as it is once HTML, Markdown, JSON, YAML, URLs and the shell have read it, whichever of them wrote it,
 * layer by layer until nothing is escaped. What is escaped in one way and a value that looks escaped itself come
 * to the same, if both are read so. Linear in the text.
 */
export const unescape = (given: string): Unescaped => {
  let layer = layerOf(given)
  for (let count = 0; count < mostLayers && mayBeEscaped.test(layer.text); count += 1) {
    const next = without(layer)
    if (next.text === layer.text) break
    layer = next
  }
  return layer
}

const openOf = (text: string): number => {
  const from = Math.max(0, text.length - longestEscape)
  return from + text.slice(from).search(begun)
}

const layerOf = (text: string): Unescaped => {
  const isPlain = !mayBeEscaped.test(text)
  const starts = new Int32Array(isPlain ? 0 : text.length).map((_, at) => at)
  return { text, starts, ends: starts.map(at => at + 1), open: openOf(text) }
}

const without = ({ text, starts, ends, open }: Unescaped): Unescaped => {
  let read = ''
  const from = new Int32Array(text.length)
  const until = new Int32Array(text.length)
  const put = (characters: string, first: number, last: number): void => {
    for (let each = 0; each < characters.length; each += 1) {
      from[read.length + each] = starts[first] ?? 0
      until[read.length + each] = ends[last] ?? 0
    }
    read += characters
  }
  const copy = (first: number, end: number): void => {
    from.set(starts.subarray(first, end), read.length)
    until.set(ends.subarray(first, end), read.length)
    read += text.slice(first, end)
  }
  let at = 0
  for (const { 0: found, index, groups = {} } of text.matchAll(escapes)) {
    copy(at, index)
    at = index + found.length
    if (groups['percent'] === undefined) put(meantBy(found, groups), index, at - 1)
    else
      for (const { characters, first, bytes } of decoded(groups['percent']))
        put(characters, index + 3 * first, index + 3 * (first + bytes) - 1)
  }
  copy(at, text.length)
  const readOpen = openOf(read)
  return {
    text: read,
    starts: from.subarray(0, read.length),
    ends: until.subarray(0, read.length),
    open: Math.min(open, readOpen < read.length ? (from[readOpen] ?? 0) : open),
  }
}

const meantBy = (found: string, groups: Readonly<Record<string, string | undefined>>): string => {
  const { decimal, hex, point, long, unit, byte, name, control, quote, shell, sign } = groups
  if (name !== undefined) return named[name] ?? named[name.toLowerCase()] ?? found
  if (control !== undefined) return controls[control] ?? ''
  const code = decimal ?? hex ?? point ?? long ?? unit ?? byte
  if (code === undefined) return quote ?? shell ?? sign ?? ''
  const number = parseInt(code, decimal === undefined ? 16 : 10)
  if (number > 0x10_ff_ff) return found
  const character = number < 0x1_00_00 ? String.fromCharCode(number) : String.fromCodePoint(number)
  return new RegExp(`^${invisible}$`).test(character) ? '' : character
}

/** The characters of a run such as `%C3%A4`, with the bytes that each of them takes. */
const decoded = (
  run: string,
): readonly Readonly<{ characters: string; first: number; bytes: number }>[] => {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text).equals(bytes)
  let first = 0
  return Array.from(isText ? text : bytes.toString('latin1'), characters => {
    const length = isText ? Buffer.byteLength(characters) : 1
    first += length
    return { characters, first: first - length, bytes: length }
  })
}
