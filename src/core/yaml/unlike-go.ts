import { CST, Lexer } from 'yaml'
import { binaryTag } from './may-hide.ts'
import { lineStart } from './splice.ts'

/** Line breaks, characters and directives that go-yaml and the yaml package read differently. */
const differences: readonly Readonly<{ pattern: RegExp; reason: string }>[] = [
  { pattern: /\r(?!\n)/, reason: 'a lone carriage return is a line break for kustomize only' },
  {
    pattern: /[\u0085\u2028\u2029]/,
    reason: 'a Unicode line separator is a line break for kustomize only',
  },
  // go-yaml skips it wherever a token may begin; to others it is the first letter of the next word.
  { pattern: /(?!^)\uFEFF/, reason: 'a byte order mark is inside it' },
  {
    // What go-yaml lets through: goyaml.v2/readerc.go:345-355.
    pattern: /[^\t\n\r -~\u0085\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u,
    reason: 'it holds a control character, which kustomize does not allow',
  },
  {
    pattern: binaryTag,
    reason: 'a !!binary is read as a text by kustomize only',
  },
  { pattern: /^%/m, reason: 'a %YAML or other directive changes how it is read' },
]

/**
 * Where Go's YAML reader would see something else than ours, so that neither finding nor editing is safe;
 * undefined when both agree. The line counts from 1.
 */
export const unlikeGo = (text: string): Readonly<{ line: number; reason: string }> | undefined => {
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length
  for (const { pattern, reason } of differences) {
    const found = pattern.exec(text)
    if (found) return { line: lineOf(found.index), reason }
  }
  const tab = /^[ ?:-]*\t/m.test(text) ? indentingTab(text) : undefined
  return tab === undefined
    ? undefined
    : { line: lineOf(tab), reason: 'it is indented with a tab, which kustomize does not allow' }
}

/**
 * The offset of the first tab that indents a line or follows a dash; those in texts, in comments and between brackets
 * are fine (goyaml.v2/scannerc.go, yaml_parser_scan_to_next_token).
 */
const indentingTab = (text: string): number | undefined => {
  let offset = 0
  let depth = 0
  let isScalar = false
  for (const lexeme of new Lexer().lex(text)) {
    // A mark comes before the text of a scalar, which may look like any other lexeme.
    const type: string | null = isScalar ? null : CST.tokenType(lexeme)
    isScalar = type === 'scalar'
    if (type === 'flow-map-start' || type === 'flow-seq-start') depth += 1
    if (type === 'flow-map-end' || type === 'flow-seq-end') depth -= 1
    const before = text.slice(lineStart(text, offset), offset)
    const isIndenting = type === 'space' && lexeme.includes('\t') && /^[ ?:-]*$/.test(before)
    if (isIndenting && depth === 0) return offset
    if (type === null || !marks.has(type)) offset += lexeme.length
  }
  return undefined
}

/** Lexemes that are not in the text. */
const marks: ReadonlySet<string> = new Set(['doc-mode', 'scalar', 'flow-error-end'])
