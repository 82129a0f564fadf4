/** Characters of a text to be replaced: from `start` to before `end`, in UTF-16 units. */
export type Splice = Readonly<{ start: number; end: number; text: string }>

/** The text with all splices made; they must not overlap. */
export const applySplices = (text: string, splices: readonly Splice[]): string => {
  const pieces: string[] = []
  let at = 0
  for (const splice of [...splices].sort((a, b) => a.start - b.start)) {
    pieces.push(text.slice(at, splice.start), splice.text)
    at = splice.end
  }
  return pieces.join('') + text.slice(at)
}

/** Whole lines that an edit replaces by others, with their line ends; `line` counts from 1 in the old text. */
export type Hunk = Readonly<{
  line: number
  before: string
  after: string
  /** The line before them, which marks the place when nothing is left of them. */
  follows: string
}>

/** The effect of the splices on whole lines, as one hunk. */
export const hunkOf = (text: string, splices: readonly Splice[]): Hunk => {
  const start = lineStart(text, Math.min(...splices.map(splice => splice.start)))
  const end = Math.max(...splices.map(splice => behindSplice(text, splice)))
  const inside = splices.map(splice => ({
    ...splice,
    start: splice.start - start,
    end: splice.end - start,
  }))
  return {
    line: lineNumber(text, start),
    before: text.slice(start, end),
    after: applySplices(text.slice(start, end), inside),
    follows: text.slice(lineStart(text, Math.max(0, start - 1)), start),
  }
}

/** The numbers of the lines in which the splices change something. */
export const linesOf = (text: string, splices: readonly Splice[]): readonly number[] => {
  const lines = splices.flatMap(({ start, end }) => {
    const first = lineNumber(text, start)
    const last = end > start ? lineNumber(text, end - 1) : first
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  })
  return [...new Set(lines)].sort((a, b) => a - b)
}

// A splice that ends behind a line's end takes that whole line and nothing of the next one.
const behindSplice = (text: string, { start, end }: Splice): number =>
  end > start && text.charAt(end - 1) === '\n' ? end : lineEnd(text, end)

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1

/** Where the line of an offset ends, behind its line break. */
export const lineEnd = (text: string, offset: number): number => {
  const found = text.indexOf('\n', offset)
  return found === -1 ? text.length : found + 1
}

/** The number of an offset's line, from 1. */
export const lineNumber = (text: string, offset: number): number => {
  let count = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1))
    count += 1
  return count
}

/** Where all lines begin; the last one may be empty. */
export const lineStarts = (text: string): readonly number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
