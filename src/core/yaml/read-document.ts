import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  visit,
  type Document,
  type Node,
  type ParsedNode,
  type YAMLMap,
} from 'yaml'
import { RefusedError } from '../../errors.ts'
import { beyondReading, composeDocuments } from './compose-documents.ts'
import { fieldsOf } from './fields-of.ts'
import { mergeKeys } from './merge-keys.ts'
import { unlikeGo } from './unlike-go.ts'

/** Makes the refusal of a file: the line, where there is one, and the reason. */
export type Refuse = (line: number | null, reason: string) => RefusedError

export type ReadDocument = Readonly<{
  root: YAMLMap.Parsed
  /** All fields as plain values, merge keys resolved. */
  fields: Readonly<Record<string, unknown>>
  lineOf: (offset: number) => number
}>

/** Reads a text that is one YAML mapping, for kustomize too. Throws what `refuse` gives. */
export const readDocument = (text: string, refuse: Refuse): ReadDocument => {
  const difference = unlikeGo(text)
  if (difference) throw refuse(difference.line, difference.reason)
  try {
    return readMapping(text, refuse)
  } catch (error) {
    if (error instanceof RefusedError) throw error
    throw refuse(null, 'it is nested too deeply, or has too many aliases')
  }
}

const readMapping = (text: string, refuse: Refuse): ReadDocument => {
  const lines = new LineCounter()
  const lineOf = (offset: number): number => lines.linePos(offset).line
  const documents = composeDocuments(text, { uniqueKeys: false, lines })
  if (!documents) throw refuse(null, beyondReading)
  const [document, ...more] = documents
  const second = more.find(({ contents, errors }) => !isNothing(contents) || errors.length > 0)
  if (second)
    throw refuse(
      lineOf(second.range[0]),
      'a second YAML document begins, and kustomize reads only the first',
    )
  const [error] = document?.errors ?? []
  if (error) throw refuse(lineOf(error.pos[0]), error.message.replace(/ at line [^]*$/, ''))
  const root = document?.contents
  if (!document || !isMap(root) || isTaggedOtherThan('map', root))
    throw refuse(null, 'it is not a YAML mapping')
  visitNodes(document, (node, reason) => refuse(lineOf(Number(node.range?.[0])), reason))
  const fields = Object.fromEntries(fieldsOf(mergeKeys(document.toJS())))
  return { root, fields, lineOf }
}

const visitNodes = (
  document: Document.Parsed,
  refuse: (node: Node, reason: string) => RefusedError,
): void => {
  const anchors = new Set<string | undefined>()
  visit(document, (_, node, parents) => {
    anchors.add(anchorOf(node))
    if (isAlias(node) && !anchors.has(node.source))
      throw refuse(node, `the alias *${node.source} leads nowhere`)
    if (isAlias(node) && parents.some(parent => anchorOf(parent) === node.source))
      throw refuse(node, `the alias *${node.source} is inside what it names`)
    // The yaml package takes very long to make a text of nested collections.
    if (isPair(node) && isNode(node.key) && !isScalar(node.key))
      throw refuse(node.key, 'a key is not a text')
  })
}

const anchorOf = (node: unknown): string | undefined =>
  isScalar(node) || isCollection(node) ? node.anchor : undefined

// After a `---` at the end stands a null that is not written.
const isNothing = (node: ParsedNode | null): boolean =>
  node === null || (isScalar(node) && node.value === null && node.source === '')

/** True if a node has a tag that may make something else of it. */
export const isTaggedOtherThan = (type: string, { tag }: ParsedNode): boolean =>
  tag !== undefined && tag !== '!' && tag !== `tag:yaml.org,2002:${type}`
