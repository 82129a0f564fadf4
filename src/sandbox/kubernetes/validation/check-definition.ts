import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { isRecord } from '../requests/parse-object.ts'
import type { Cause } from '../status-error.ts'
import { checkValue } from './check-schema.ts'
import type { Schema } from './schemas.ts'
import type { ObjectStore, StoredObject } from '../object-store.ts'
import type { Resource } from '../resource.ts'

const definitionSchema = z.looseObject({
  spec: z.looseObject({
    versions: z.array(
      z.looseObject({
        name: z.string(),
        schema: z.looseObject({ openAPIV3Schema: z.record(z.string(), z.unknown()) }).optional(),
      }),
    ),
  }),
})
const limits = z.looseObject({
  type: z.enum(['object', 'array', 'string', 'boolean', 'integer']).catch('object'),
  required: z.array(z.string()).exactOptional(),
  enum: z.array(z.string()).exactOptional(),
  minLength: z.number().exactOptional(),
  maxLength: z.number().exactOptional(),
  minimum: z.number().exactOptional(),
  maximum: z.number().exactOptional(),
  maxItems: z.number().exactOptional(),
  pattern: z.string().exactOptional(),
  properties: z.record(z.string(), z.unknown()).exactOptional(),
  items: z.unknown().exactOptional(),
})
const rules = z.array(z.object({ rule: z.string(), message: z.string() })).default([])

const schemaOf = (value: unknown): Schema => {
  const { type, properties, items, ...rest } = limits.parse(value)
  const isOpen = isRecord(value) && value['additionalProperties'] !== undefined
  return {
    ...rest,
    type,
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, field]) => [name, schemaOf(field)]),
          ),
        }
      : {}),
    ...(items === undefined ? {} : { items: schemaOf(items) }),
    ...(type === 'object' && !isOpen && rest['x-kubernetes-preserve-unknown-fields'] !== true
      ? { closed: true as const }
      : {}),
  }
}

type Rule = (object: StoredObject, previous: StoredObject | undefined) => boolean

const phaseOf = (object: StoredObject): unknown =>
  isRecord(object['status']) ? object['status']['phase'] : undefined

/** The rules of our own definition, which are written in CEL. One that mentions `oldSelf` is of changes only. */
const knownRules: Readonly<Record<string, Rule>> = {
  'self.metadata.name == self.spec.cluster': ({ metadata, spec }) =>
    isRecord(spec) && spec['cluster'] === metadata.name,
  "self.spec == oldSelf.spec || (has(oldSelf.status) && oldSelf.status.phase in ['Completed', 'Failed', 'Cancelled'])":
    (object, previous) =>
      previous === undefined ||
      isDeepStrictEqual(object['spec'], previous['spec']) ||
      ['Completed', 'Failed', 'Cancelled'].some(phase => phase === phaseOf(previous)),
}

/**
 * Checks an object against the schema in the CustomResourceDefinition of its kind, and drops the fields that it does not
 * know. Throws where the definition has a rule that is not known here: nothing is let through unseen.
 */
export const checkDefinition = (
  store: ObjectStore,
  { group, plural, version }: Resource,
  object: StoredObject,
  previous: StoredObject | undefined,
): readonly Cause[] => {
  const found = store.get({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    name: `${plural}.${group}`,
  })
  const { data } = definitionSchema.safeParse(found)
  const root = data?.spec.versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema
  if (!root) return []
  const { closed, ...schema } = schemaOf(root)
  if (closed)
    for (const name of Object.keys(object))
      if (!(name in { apiVersion: 1, kind: 1, metadata: 1, ...schema.properties }))
        Reflect.deleteProperty(object, name)
  const wrong = checkValue(object, '', schema, previous)
  const asked = rules.parse(root['x-kubernetes-validations'])
  if (wrong.some(({ reason }) => blocking.includes(reason)))
    return [...wrong, ...asked.slice(0, 1).map(() => ruleCause('null', unasked))]
  const broken = asked.filter(({ rule }) => {
    const isKept = knownRules[rule]
    if (!isKept) throw new Error(`the sandbox does not know the rule ${rule}`)
    return !isKept(object, previous)
  })
  return [...wrong, ...broken.map(({ message }) => ruleCause('"object"', message))]
}

// apiextensions-apiserver pkg/registry/customresource/strategy.go, hasBlockingErr.
const blocking = ['NotSupported', 'Required', 'TooLong', 'TooMany', 'TypeInvalid'].map(
  reason => `FieldValue${reason}`,
)
const unasked =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

const ruleCause = (value: string, message: string): Cause => ({
  reason: 'FieldValueInvalid',
  field: '<nil>',
  message: `Invalid value: ${value}: ${message}`,
})
