import { isCollection, isMap, isScalar, isSeq, type Document, type Node } from 'yaml'
import { names } from '../names.ts'
import { credentialMaterial } from './credential-material.ts'
import { decodedRuns, withoutPercents } from './decoded-runs.ts'
import type { FindingCode } from './scan-finding.ts'
import { composeDocuments } from '../yaml/compose-documents.ts'
import { isPlain, judgeMap } from './judge-map.ts'
import { nodeReader, offsetOf, scalarText } from './node-reader.ts'
import { withoutActions, type WithoutActions } from './without-actions.ts'

type Found = Readonly<{ code: FindingCode; at: number }>

/** How deep a text lies in others; hostile ones would go on for ever. */
type Depth = Readonly<{ nested: number; decoded: number }>

const deepest: Depth = { nested: 8, decoded: 3 }

// Anything else that a text may hold is found in it as it is. Escapes can hide a word from that.
const worthParsing =
  /\b(?:Sealed|External|ClusterExternal)?Secret\b|secretGenerator|seedAuth|\bauths?\b|\\(?:[xuU]|\r?\n)/

/** In characters. Of YAML with many small nodes a parser makes five hundred times its size in memory. */
export const largestParsed = 1024 * 1024

/** The rule for reading a text as YAML, which JSON is, too. */
export type Parses = 'never' | 'if-worth-it' | 'always'

/** The credentials in a text, wherever nested; `at` is where it, or the text that it is nested in, begins. */
export const scanText = (
  text: string,
  { parses, depth = { nested: 0, decoded: 0 } }: Readonly<{ parses: Parses; depth?: Depth }>,
): readonly Found[] => {
  const found = rawFindings(text, depth)
  const isWorthIt = found.length > 0 || worthParsing.test(text)
  if (parses === 'never' || (parses === 'if-worth-it' && !isWorthIt)) return found
  const read = text.length > largestParsed ? null : readDocuments(text)
  if (!read) return [...found, { code: 'YAML_UNREADABLE', at: 0 }]
  const { documents, broken, actions } = read
  const covered = new Uint8Array(text.length)
  const structured = documents.flatMap(document => [...walk(document, { depth, covered })])
  for (const { from, to } of actions) covered.fill(0, from, to)
  // Each scalar was looked at by itself, with what its place means; what is left are comments and names.
  const beside =
    broken.length > 0
      ? found
      : found.filter(
          ({ code, at }) =>
            covered[at] === 0 || (code === 'PRIVATE_KEY' && covered[at] === withoutKey),
        )
  return [...beside, ...structured, ...broken.map((at): Found => ({ code: 'YAML_UNREADABLE', at }))]
}

type Read = Readonly<{
  documents: readonly Document.Parsed[]
  /** Where the first error of each document is. */
  broken: readonly number[]
}>

/** Reads a text as YAML; the template of a chart without its actions, where it can be read so. */
const readDocuments = (text: string): (Read & Pick<WithoutActions, 'actions'>) | null => {
  const read = (text: string): Read | null => {
    const documents = composeDocuments(text, { uniqueKeys: false })
    return (
      documents && {
        documents,
        broken: documents.flatMap(({ errors }) => errors.slice(0, 1).map(({ pos }) => pos[0])),
      }
    )
  }
  const { text: rest, actions } = withoutActions(text)
  const template = actions.length > 0 ? read(rest) : null
  if (template?.broken.length === 0) return { ...template, actions }
  const whole = read(text)
  return whole && { ...whole, actions: [] }
}

/** Credentials in the text as it stands and in what its base64 says. */
const rawFindings = (text: string, depth: Depth): readonly Found[] => {
  const found: Found[] = [...credentialMaterial(text)]
  if (depth.decoded >= deepest.decoded) return found
  const below = { ...depth, decoded: depth.decoded + 1 }
  for (const { at, text: decoded } of decodedRuns(text))
    found.push(...told(scanText(decoded, { parses: 'if-worth-it', depth: below }), at))
  const plain = withoutPercents(text)
  if (plain !== undefined)
    found.push(...told(scanText(plain, { parses: 'if-worth-it', depth: below }), 0))
  return found
}

/** Findings of a text inside of another, told of where that begins. */
const told = (found: readonly Found[], at: number): readonly Found[] =>
  found.filter(({ code }) => code !== 'YAML_UNREADABLE').map(({ code }) => ({ code, at }))

/** An authfile that is written as YAML may be folded and quoted in ways that no pattern knows. */
const authEntries = /^(?:auth|identitytoken|registrytoken|password)$/i

const [withoutKey, withKey] = [1, 2]

type Step = Readonly<{ node: unknown; isSealed: boolean; isInAuths: boolean }>

const walk = function* (
  document: Document.Parsed,
  { depth, covered }: Readonly<{ depth: Depth; covered: Uint8Array }>,
): Generator<Found> {
  // A text that is one scalar has been looked at as text.
  if (!isMap(document.contents) && !isSeq(document.contents)) return
  const reader = nodeReader(anchorsOf(document))
  const pullSecrets = new Set<unknown>()
  const steps: Step[] = [{ node: document.contents, isSealed: false, isInAuths: false }]
  for (let step = steps.pop(); step; step = steps.pop()) {
    const { node, isInAuths } = step
    if (isScalar(node)) {
      const inside = scanScalar(String(node.source), depth)
      // A key may go on in the scalars after the one that it begins in.
      const mark = inside.has('PRIVATE_KEY') ? withKey : withoutKey
      covered.fill(mark, node.range?.[0], node.range?.[1])
      for (const found of inside)
        if (found !== 'AUTHFILE_MATERIAL' || !pullSecrets.has(node))
          yield { code: found, at: offsetOf(node) }
    } else if (isSeq(node)) {
      for (const item of node.items) steps.push({ ...step, node: item })
    } else if (isMap(node)) {
      const judged = judgeMap(node, reader)
      yield* judged.findings
      for (const scalar of judged.pullSecrets) pullSecrets.add(scalar)
      const isSealed = step.isSealed || judged.isSealed
      for (const { key, value } of node.items) {
        const name = scalarText(reader.follow(key)) ?? ''
        if (name === names.authKey && !isSealed && isPlain(value))
          yield { code: 'SEEDGEN_SECRET_PLAIN', at: offsetOf(key) }
        if (authEntries.test(name)) {
          const entry = `${isInAuths ? 'auths: ' : ''}${name}: ${scalarText(value)?.replace(/\s/g, '') ?? ''}`
          for (const { code } of credentialMaterial(entry)) yield { code, at: offsetOf(key) }
        }
        steps.push({ node: key, isSealed, isInAuths })
        steps.push({ node: value, isSealed, isInAuths: isInAuths || name === 'auths' })
      }
    }
  }
}

/** The credentials in the text of a scalar. */
const scanScalar = (text: string, depth: Depth): ReadonlySet<FindingCode> => {
  const parses = depth.nested < deepest.nested ? 'if-worth-it' : 'never'
  const below = { ...depth, nested: depth.nested + 1 }
  const joined = /^[\s\w+/=-]+$/.test(text) ? text.replace(/\s/g, '') : text
  const found = [text, ...(joined === text ? [] : [joined])].flatMap(part =>
    told(scanText(part, { parses, depth: below }), 0),
  )
  return new Set(found.map(({ code }) => code))
}

const anchorsOf = (document: Document.Parsed): ReadonlyMap<string, Node> => {
  const anchors = new Map<string, Node>()
  const waiting: unknown[] = [document.contents]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)
      anchors.set(node.anchor, node)
    if (isSeq(node)) for (const item of node.items) waiting.push(item)
    if (isMap(node)) for (const { key, value } of node.items) waiting.push(key, value)
  }
  return anchors
}
