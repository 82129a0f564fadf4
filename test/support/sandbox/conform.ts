import { readFileSync } from 'node:fs'
import { z } from 'zod'

type Schema = Readonly<{
  $ref?: string
  type?: string | readonly string[]
  nullable?: boolean
  enum?: readonly unknown[]
  format?: string
  pattern?: string
  properties?: Readonly<Record<string, Schema>>
  required?: readonly string[]
  items?: Schema
  additionalProperties?: boolean | Schema
  allOf?: readonly Schema[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
}>
type Schemas = Readonly<Record<string, Schema>>
type Rest = Readonly<{
  answers: Readonly<Record<string, Record<string, Record<string, Schema | null>>>>
  schemas: Schemas
}>
type Webhooks = Readonly<{ payloads: Schemas; schemas: Schemas }>

/** Reads what GitHub says of its calls and events; scripts/trim-github-schemas.js made it. */
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/github/${name}.json`, import.meta.url), 'utf8'))
const rest = read('rest') as Rest
const webhooks = read('webhooks') as Webhooks

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}
const isOfFormat = (value: string, format: string | undefined): boolean => {
  if (format === 'uri') return URL.canParse(value.replace(/\{[^}]*\}/g, ''))
  if (format === 'date-time') return z.iso.datetime({ offset: true }).safeParse(value).success
  return true
}

/** Says where a value is not what a schema of OpenAPI allows; nothing where it is. */
const problemsOf = (
  value: unknown,
  schema: Schema,
  { schemas, at = '' }: Readonly<{ schemas: Schemas; at?: string }>,
): readonly string[] => {
  const inside = (part: unknown, of: Schema, name: string | number): readonly string[] =>
    problemsOf(part, of, { schemas, at: `${at}/${name}` })
  if (schema.$ref !== undefined) {
    const found = schemas[schema.$ref.slice('#/components/schemas/'.length)]
    return found === undefined
      ? [`${at}: ${schema.$ref}?`]
      : problemsOf(value, found, { schemas, at })
  }
  const kind = kindOf(value)
  if (kind === 'null' && schema.nullable === true) return []
  const types = schema.type === undefined ? [] : [schema.type].flat()
  const isType =
    types.length === 0 || types.includes(kind) || (types.includes('number') && kind === 'integer')
  if (!isType) return [`${at}: ${kind}, not ${types.join(' or ')}`]
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: ${JSON.stringify(value)}`]
  if (typeof value === 'string' && !isOfFormat(value, schema.format))
    return [`${at}: ${JSON.stringify(value)} is no ${schema.format ?? ''}`]
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern).test(value))
    return [`${at}: ${JSON.stringify(value)} is not ${schema.pattern}`]
  const choices = [schema.anyOf, schema.oneOf].flatMap(each => (each ? [each] : []))
  return [
    ...(schema.allOf ?? []).flatMap(each => problemsOf(value, each, { schemas, at })),
    ...choices.flatMap(each => {
      const tried = each.map(one => problemsOf(value, one, { schemas, at }))
      return tried.some(({ length }) => length === 0) ? [] : (tried[0] ?? [])
    }),
    ...(Array.isArray(value) && schema.items
      ? value.flatMap((each, index) => inside(each, schema.items ?? {}, index))
      : []),
    ...(kind === 'object'
      ? problemsInside(value as Record<string, unknown>, schema, { at, inside })
      : []),
  ]
}

const problemsInside = (
  value: Readonly<Record<string, unknown>>,
  { properties = {}, required = [], additionalProperties }: Schema,
  {
    at,
    inside,
  }: Readonly<{
    at: string
    inside: (part: unknown, of: Schema, name: string) => readonly string[]
  }>,
): readonly string[] => [
  ...required.filter(name => !(name in value)).map(name => `${at}/${name}: missing`),
  ...Object.entries(value).flatMap(([name, part]) => {
    const of = properties[name]
    if (of !== undefined) return inside(part, of, name)
    if (additionalProperties === false) return [`${at}/${name}: unknown`]
    return typeof additionalProperties === 'object' ? inside(part, additionalProperties, name) : []
  }),
]

/** How many characters of a template are what they are. */
const fixed = (template: string): number => template.replace(/\{\w+\}/g, '').length

/** The path of GitHub's description that a path is of: `{path}` and `{ref}` may be several segments. */
const templateOf = (path: string): string | undefined =>
  Object.keys(rest.answers)
    .sort((one, other) => fixed(other) - fixed(one))
    .find(template =>
      new RegExp(
        `^${template
          .replace('/{path}', '(?:/.+)?')
          .replace(/\{(\w+)\}/g, (_, name: string) =>
            ['ref', 'branch'].includes(name) ? '.+?' : '[^/]+',
          )}$`,
      ).test(path),
    )

/** Says where an answer of the REST API is not what GitHub describes: an unknown path, status or body. */
export const answerProblems = ({
  method,
  path,
  status,
  responseBody,
}: Readonly<{
  method: string
  path: string
  status: number
  responseBody: string
}>): readonly string[] => {
  const { pathname } = new URL(path, 'http://a')
  const template = templateOf(pathname.replace(/^\/api\/v3/, ''))
  const named = `${method} ${template ?? pathname} ${status}`
  const statuses = template === undefined ? undefined : rest.answers[template]?.[method]
  if (statuses === undefined) return [`${named}: not described`]
  const schema = statuses[String(status)]
  // A file may be asked for as it is.
  const isRaw = template?.endsWith('/contents/{path}') === true && !/^[[{]/.test(responseBody)
  if (schema === undefined || schema === null || responseBody === '' || isRaw) return []
  const problems = problemsOf(JSON.parse(responseBody), schema, { schemas: rest.schemas })
  return problems.map(problem => `${named} ${problem}`)
}

/** Says where the payload of a webhook is not what GitHub describes. */
export const payloadProblems = (
  event: string,
  payload: Readonly<Record<string, unknown>>,
): readonly string[] => {
  const action = typeof payload['action'] === 'string' ? `-${payload['action']}` : ''
  const name = `${event}${action}`.replaceAll('_', '-')
  const schema = webhooks.payloads[name]
  if (schema === undefined) return [`${name}: not described`]
  const problems = problemsOf(payload, schema, { schemas: webhooks.schemas })
  return problems.map(problem => `${name} ${problem}`)
}
