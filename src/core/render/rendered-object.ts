import { stringify } from 'yaml'
import { RefusedError } from '../../errors.ts'
import { fieldsOf, textOf } from '../yaml/fields-of.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { unpackAsArgoCd } from './unpack-as-argo-cd.ts'

/** One object of a render. What is not eager is parsed when it is first asked for. */
export type RenderedObject = Readonly<{
  /** As kustomize printed it, without its `---`; written again where it stood in a list, or in another style. */
  text: string
  group: string
  kind: string
  name: () => string
  namespace: () => string
  annotations: () => ReadonlyMap<string, unknown>
  /** `spec.clusterName`; empty where it is not set. */
  clusterName: () => string
  /** Throws RefusedError RENDER_FAILED for what no reader should be given. */
  value: () => unknown
}>

/** The documents of a render: `---` in the first column cannot stand inside kustomize's block scalars. */
const splitRender = (render: string): readonly string[] =>
  render.split(/^---[^\S\n]*(?:#.*)?$\n?/m).filter(document => document.trim() !== '')

/**
 * The objects that Argo CD finds in what `kustomize build` printed: lists are unpacked here, before anything looks
 * at a render. Throws RefusedError RENDER_LIST for what it is not certain to unpack alike.
 *
 * kustomize writes block style with two spaces, keys sorted, so what most guards ask for stands on a line of its
 * own: parsing thousands of objects would take longer than building them. A line that could mean anything else is
 * not trusted, and the object is parsed.
 */
export const readRender = (render: string): readonly RenderedObject[] =>
  splitRender(render)
    .flatMap(text => (isOneObject(text) ? [text] : unpack(text)))
    .map(toObject)

/** True if every line in the first column is a plain key, one of them `kind` and none `items`. */
const isOneObject = (text: string): boolean =>
  /^kind:/m.test(text) && !/^(?:items\b|[^\w\s#-])/m.test(text)

/** Numbers keep all their digits, so that two lists which differ in one are not taken for equal. */
const unpack = (text: string): readonly string[] =>
  unpackAsArgoCd(parseOne(text, { intAsBigInt: true })).map(object =>
    stringify(object, { lineWidth: 0 }),
  )

const toObject = (text: string): RenderedObject => {
  let value: Readonly<{ parsed: unknown }> | undefined
  const parsed = (): unknown => (value ??= { parsed: parseOne(text) }).parsed
  const section = (name: string): ReadonlyMap<string, unknown> =>
    fieldsOf(fieldsOf(parsed()).get(name))
  const apiVersion = topLevel(text, 'apiVersion')
  return {
    text,
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind: topLevel(text, 'kind'),
    name: () => plainIn(text, 'metadata', 'name') ?? textOf(section('metadata'), 'name'),
    namespace: () =>
      plainIn(text, 'metadata', 'namespace') ?? textOf(section('metadata'), 'namespace'),
    annotations: () => fieldsOf(section('metadata').get('annotations')),
    clusterName: () =>
      plainIn(text, 'spec', 'clusterName') ?? textOf(section('spec'), 'clusterName'),
    value: parsed,
  }
}

/** The parser's own message quotes the text, so it is not passed on. Go and the parser disagree on U+2028. */
const parseOne = (text: string, options?: Parameters<typeof readYaml>[2]): unknown =>
  readYaml(
    text,
    reason =>
      new RefusedError('RENDER_FAILED', `reading the render: of an object ${reason}`, {
        fix: 'look among the files of this kustomization for deep nesting, and for line breaks other than LF',
      }),
    options,
  )

/** The value of a field in the first column, where nothing that is quoted or folded can stand. */
const topLevel = (text: string, key: string): string => {
  const [, line = ''] = new RegExp(`^${key}: *(.*)$`, 'm').exec(text) ?? []
  return line.replace(/^(["'])(.*)\1$/, '$2')
}

/** The value of a key of a top-level mapping where it is beyond doubt a text of the simplest kind. */
const plainIn = (text: string, section: string, key: string): string | undefined => {
  const start = text.search(new RegExp(`^${section}:$`, 'm'))
  if (start === -1) return undefined
  const rest = text.slice(start + section.length + 1)
  const end = rest.search(/\n(?=[^ \n])/)
  const body = end === -1 ? rest : rest.slice(0, end)
  const [, value = ''] = new RegExp(`\n  ${key}: (.*)(?:\n|$)`).exec(body) ?? []
  return simpleText.test(value) && !otherwise.test(value) ? value : undefined
}

const simpleText = /^[a-z0-9][-a-z0-9]*$/

/** Texts that a YAML reader may take for a number, a truth, a null or a date. */
const otherwise = /^(?:[0-9]+|[0-9]+e[0-9]+|0[xob].*|\d{4}-.*|true|false|yes|no|on|off|y|n|null)$/
