import { isScalar, LineCounter, Scalar, type Document } from 'yaml'
import { RefusedError } from '../../errors.ts'
import { beyondReading, composeDocuments } from '../yaml/compose-documents.ts'
import { isDeepEqual } from '../yaml/is-deep-equal.ts'
import { applySplices, type Splice } from '../yaml/splice.ts'
import { unlikeGo } from '../yaml/unlike-go.ts'
import { shownPath, type FieldPath, type SetField } from './promotion.ts'
import { withField } from './with-field.ts'

/** A document of a manifest file that can be edited. */
export type ManifestDocument = Readonly<{ value: unknown; document: Document.Parsed }>

type Refuse = (reason: string, line?: number) => RefusedError

const fix = 'write the field once by hand, as a text on one line, then ask again'

/** Makes the refusals of a manifest file. */
export const refusalOf =
  (file: string): Refuse =>
  (reason, line) =>
    new RefusedError(
      'MANIFEST_UNSUPPORTED',
      `promoting in ${file}${line === undefined ? '' : `:${line}`}: ${reason}`,
      { fix },
    )

/** Reads the documents of a file. Throws RefusedError MANIFEST_UNSUPPORTED for what Go's YAML reader may read otherwise. */
export const readManifests = (file: string, text: string): readonly ManifestDocument[] => {
  const refuse = refusalOf(file)
  const difference = unlikeGo(text)
  if (difference) throw refuse(difference.reason, difference.line)
  const lines = new LineCounter()
  const documents = composeDocuments(text, { uniqueKeys: true, lines })
  if (!documents) throw refuse(beyondReading)
  return documents.map(document => {
    const [error] = document.errors
    if (error) throw refuse('it is not correct YAML', lines.linePos(error.pos[0]).line)
    try {
      const value: unknown = document.toJS()
      return { document, value }
    } catch {
      throw refuse('an alias in it leads nowhere, or too many stand in it')
    }
  })
}

/**
 * Sets texts of one document of a file, of which `documents` were read, by replacing their characters and no other ones, each in its own quotes. Returns the
 * whole text and the fields that differ. Throws RefusedError MANIFEST_UNSUPPORTED where a field is not a text on one line, and
 * EDIT_NOT_PROVEN where reading the result gives anything but the old file with these fields.
 */
export const setFields = (
  {
    file,
    text,
    documents,
  }: Readonly<{ file: string; text: string; documents: readonly ManifestDocument[] }>,
  at: number,
  fields: readonly Readonly<{ path: FieldPath; to: string }>[],
): Readonly<{ text: string; fields: readonly SetField[] }> => {
  const refuse = refusalOf(file)
  const found = fields.map(({ path, to }) => {
    const node = documents[at]?.document.getIn(path, true)
    const where = shownPath(path)
    if (!isScalar(node) || node.value === null || !node.range)
      throw refuse(`it has no text at ${where}`)
    if (node.anchor !== undefined || node.tag !== undefined)
      throw refuse(`${where} has an anchor or a tag`)
    const [start, end] = node.range
    const written = text.slice(start, end)
    if (!quotes.has(String(node.type)) || written.includes('\n'))
      throw refuse(`${where} does not stand on one line`)
    const splice: Splice = { start, end, text: writtenAs(to, node) }
    return {
      field: { path, from: typeof node.value === 'string' ? node.value : written, to },
      splice,
    }
  })
  const changed = found.filter(({ field }) => field.from !== field.to)
  const after = applySplices(
    text,
    changed.map(({ splice }) => splice),
  )
  const expected = documents.map(({ value }, index) =>
    index === at ? changed.reduce((to, { field }) => withField(to, field), value) : value,
  )
  const actual = readManifests(file, after).map(({ value }) => value)
  if (!isDeepEqual(actual, expected))
    throw new RefusedError(
      'EDIT_NOT_PROVEN',
      `checking the edit of ${file}: another field would change, an alias for example`,
      { fix },
    )
  return { text: after, fields: changed.map(({ field }) => field) }
}

const quotes: ReadonlySet<string> = new Set([
  Scalar.PLAIN,
  Scalar.QUOTE_SINGLE,
  Scalar.QUOTE_DOUBLE,
])

/** Texts of which every YAML reader makes a text: a version has two dots, a reference a slash. */
const isPlainText = (text: string): boolean => /^\d+\.\d+\.\d|\//.test(text)

const writtenAs = (text: string, { type }: Scalar): string => {
  if (type === Scalar.QUOTE_SINGLE) return `'${text}'`
  return type === Scalar.QUOTE_DOUBLE || !isPlainText(text) ? `"${text}"` : text
}
