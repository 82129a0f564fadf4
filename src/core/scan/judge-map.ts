import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { names } from '../names.ts'
import { isFilledIn, isPlaceholder } from './is-placeholder.ts'
import type { FindingCode } from './scan-finding.ts'
import { isCiphertext } from './is-ciphertext.ts'
import { offsetOf, scalarText, type NodeReader } from './node-reader.ts'

/** The findings about one map of a document. */
export type Judged = Readonly<{
  findings: readonly Readonly<{ code: FindingCode; at: number }>[]
  /** Scalars that hold a cluster's pull secret, which is an authfile on purpose. */
  pullSecrets: readonly Node[]
  /** True if everything below is sealed, or kept elsewhere, so that its keys name no plain values. */
  isSealed: boolean
}>

type Findings = Judged['findings']

/** The name that the Lifecycle Agent looks for (constants.go:26). */
const elsewhere = ['ExternalSecret', 'ClusterExternalSecret']
const pullSecretTypes = ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']
const pullSecretKeys = ['.dockerconfigjson', '.dockercfg']
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** Judges a map as the Kubernetes object, kustomization or patch that it may be. */
export const judgeMap = (map: Node, reader: NodeReader): Judged => {
  const kinds = reader.valuesOf(map, 'kind')
  const at = offsetOf(kinds[0] ?? map)
  const is = (kind: string): boolean => kinds.some(node => scalarText(node) === kind)
  const sealed = is('SealedSecret') ? judgeSealed(map, reader) : []
  const isElsewhere = elsewhere.some(is)
  const secret = is('Secret') ? judgeSecret(map, reader, at) : { findings: [], pullSecrets: [] }
  const findings: Findings = [
    ...sealed,
    ...(isElsewhere ? [{ code: 'MANAGED_ELSEWHERE' as const, at }] : []),
    ...secret.findings,
    ...judgeGenerators(map, reader),
    ...judgePatch(map, reader),
  ]
  return { findings, pullSecrets: secret.pullSecrets, isSealed: isElsewhere || is('SealedSecret') }
}

/** True if a node is a value that stands there in plain, itself or as the base64 that a Secret wants. Null holds nothing. */
export const isPlain = (node: unknown): boolean => {
  const text = isNull(node) ? undefined : scalarText(node)
  return text !== undefined && !isPlaceholder(text) && !isEncodedPlaceholder(text)
}

const isWord = (node: unknown): boolean => {
  const text = scalarText(node)
  return text !== undefined && !isNull(node) && !isFilledIn(text)
}

const isNull = (node: unknown): boolean => isScalar(node) && node.value === null

const isEncodedPlaceholder = (text: string): boolean => {
  const decoded = Buffer.from(text, 'base64')
  return decoded.toString('base64') === text && isPlaceholder(decoded.toString('utf8').trim())
}

type Entry = Readonly<{ key: unknown; name: string | undefined; value: unknown }>

const entriesOf = (nodes: readonly Node[], reader: NodeReader): readonly Entry[] =>
  nodes.flatMap(node =>
    isMap(node)
      ? node.items.map(({ key, value }) => ({
          key,
          name: scalarText(reader.follow(key)),
          value: reader.follow(value),
        }))
      : [],
  )

const judgeSecret = (
  map: Node,
  reader: NodeReader,
  at: number,
): Pick<Judged, 'findings' | 'pullSecrets'> => {
  const entries = ['data', 'stringData'].flatMap(key =>
    entriesOf(reader.valuesOf(map, key), reader),
  )
  // A Secret with words to be replaced is told of all the same: somebody will, and commit it.
  const plain = entries.filter(({ value }) => isHeld(value) || isWord(value))
  const isSops = reader.valuesOf(map, 'sops').some(isMap)
  const notes: Findings = isSops ? [{ code: 'MANAGED_ELSEWHERE', at }] : []
  if (plain.length === 0) return { findings: notes, pullSecrets: [] }
  const given = reader.valuesOf(map, 'metadata').flatMap(node => reader.textsOf(node, 'name'))
  const held = plain.filter(({ value }) => isHeld(value))
  const auth = held.find(({ name }) => name === names.authKey)
  if (auth || (held.length > 0 && given.includes(names.seedSecret)))
    return {
      findings: [...notes, { code: 'SEEDGEN_SECRET_PLAIN', at: auth ? offsetOf(auth.key) : at }],
      pullSecrets: [],
    }
  const isPullSecret = reader.textsOf(map, 'type').some(type => pullSecretTypes.includes(type))
  return {
    findings: [...notes, { code: 'KNOWN_SECRET', at }],
    pullSecrets: plain.flatMap(({ name, value }) =>
      isScalar(value) && (isPullSecret || pullSecretKeys.includes(String(name))) ? [value] : [],
    ),
  }
}

const judgeSealed = (map: Node, reader: NodeReader): Findings => {
  const within = (nodes: readonly Node[], key: string): readonly Node[] =>
    nodes.flatMap(node => reader.valuesOf(node, key))
  const spec = reader.valuesOf(map, 'spec')
  const template = within(spec, 'template')
  const found = (code: FindingCode, nodes: readonly unknown[]): Findings =>
    nodes.map(node => ({ code, at: offsetOf(node) }))
  const sealed = within(spec, 'encryptedData')
  const noted = (metadata: readonly Node[]): readonly Node[] =>
    within(within(metadata, 'annotations'), lastApplied)
  return [
    ...found('SEALED_NO_CIPHERTEXT', [
      // The controller takes what is not a map of strings for empty, and unseals it (types.go:82-89).
      ...sealed.filter(node => !isMap(node) || node.items.length === 0),
      ...entriesOf(sealed, reader)
        .map(({ value }) => value)
        .filter(value => !isSealedValue(value)),
    ]),
    ...found('SEALED_V1_DATA', within(spec, 'data').filter(isHeld)),
    ...found(
      'SEALED_TEMPLATE_DATA',
      [...within(template, 'data'), ...within(template, 'stringData')].filter(isHeld),
    ),
    ...found('SEALED_LAST_APPLIED', [
      ...noted(within(template, 'metadata')),
      // Of the SealedSecret itself it holds ciphertext, unless it was made from the Secret's file.
      ...noted(reader.valuesOf(map, 'metadata')).filter(node =>
        /"kind":\s*"Secret"/.test(scalarText(node) ?? ''),
      ),
    ]),
  ]
}

const isSealedValue = (value: unknown): boolean => {
  const text = scalarText(value)
  return text !== undefined && ((text !== '' && isPlaceholder(text)) || isCiphertext(text))
}

/** Not null, `{}`, an empty text or a placeholder, nor a map of these. What an alias stands for may be anything. */
const isHeld = (node: unknown): boolean =>
  isMap(node)
    ? node.items.some(({ value }) => isAlias(value) || isHeld(value))
    : isSeq(node)
      ? node.items.length > 0
      : isPlain(node)

const sources = ['literals', 'files', 'envs', 'env']

const judgeGenerators = (map: Node, reader: NodeReader): Findings =>
  reader
    .valuesOf(map, 'secretGenerator')
    .flatMap(list => (isSeq(list) ? list.items : []))
    .flatMap(generator => {
      const given = sources
        .flatMap(key => reader.valuesOf(generator, key))
        .flatMap(node => (isSeq(node) ? node.items : [node]))
        .flatMap(node => scalarText(node) ?? [])
      if (given.length === 0) return []
      const isSeedgen =
        reader.textsOf(generator, 'name').includes(names.seedSecret) ||
        given.some(source => source.startsWith(`${names.authKey}=`))
      return [
        { code: isSeedgen ? 'SEEDGEN_SECRET_PLAIN' : 'KNOWN_SECRET', at: offsetOf(generator) },
      ]
    })

/** An operation of a JSON patch, which names the key in a path. */
const judgePatch = (map: Node, reader: NodeReader): Findings => {
  const [path] = reader.valuesOf(map, 'path')
  const [value] = reader.valuesOf(map, 'value')
  const [, parent] = /^\/(?:.*\/)?([^/]+)\/[^/]+$/.exec(scalarText(path) ?? '') ?? []
  if (parent === 'encryptedData')
    return value && !isSealedValue(value)
      ? [{ code: 'SEALED_NO_CIPHERTEXT', at: offsetOf(value) }]
      : []
  const isAuth = scalarText(path)?.endsWith(`/${names.authKey}`) === true
  return isAuth && isPlain(value) ? [{ code: 'SEEDGEN_SECRET_PLAIN', at: offsetOf(value) }] : []
}
