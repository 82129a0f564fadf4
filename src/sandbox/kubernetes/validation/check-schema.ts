import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../requests/parse-object.ts'
import type { Cause } from '../status-error.ts'
import { schemas, type Schema } from './schemas.ts'
import type { StoredObject } from '../object-store.ts'

const typeOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

const invalid = (field: string, message: string): Cause => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${message}`,
})

const missing = (field: string): Cause => ({
  reason: 'FieldValueRequired',
  field,
  message: 'Required value',
})

const checkText = (value: string, field: string, schema: Schema): readonly Cause[] => {
  if (schema.enum && !schema.enum.includes(value)) {
    const supported = schema.enum.map(each => `"${each}"`).join(', ')
    const message = `Unsupported value: "${value}": supported values: ${supported}`
    return [{ reason: 'FieldValueNotSupported', field, message }]
  }
  const { minLength = 0, maxLength = Infinity, pattern } = schema
  // Characters, whatever the message calls them.
  const length = Array.from(value).length
  const wrong = [
    ...(length < minLength ? [`be at least ${minLength} chars long`] : []),
    ...(pattern !== undefined && !new RegExp(pattern).test(value) ? [`match '${pattern}'`] : []),
  ]
  const tooLong = `Too long: may not be more than ${maxLength} bytes`
  return [
    ...(length > maxLength ? [{ reason: 'FieldValueTooLong', field, message: tooLong }] : []),
    ...wrong.map(what => invalid(field, `"${value}": ${field} in body should ${what}`)),
  ]
}

const checkNumber = (value: number, field: string, schema: Schema): readonly Cause[] => {
  const { minimum = -Infinity, maximum = Infinity } = schema
  const should = `${value}: ${field} in body should be`
  return [
    ...(value < minimum ? [invalid(field, `${should} greater than or equal to ${minimum}`)] : []),
    ...(value > maximum ? [invalid(field, `${should} less than or equal to ${maximum}`)] : []),
  ]
}

const inside = (field: string, name: string): string => (field === '' ? name : `${field}.${name}`)

/**
 * Prunes in place what a closed schema does not name, and finds what the rest gets wrong. What is as it was before is not
 * judged again (apiextensions-apiserver pkg/apiserver/validation/ratcheting.go).
 */
export const checkValue = (
  value: unknown,
  field: string,
  schema: Schema,
  before?: unknown,
): readonly Cause[] => {
  const type = typeOf(value)
  if (type !== schema.type)
    return [
      {
        reason: 'FieldValueTypeInvalid',
        field,
        message: `Invalid value: "${type}": ${field} in body must be of type ${schema.type}: "${type}"`,
      },
    ]
  if (isRecord(value) && schema.closed)
    for (const name of Object.keys(value))
      if (!(name in (schema.properties ?? {}))) Reflect.deleteProperty(value, name)
  if (before !== undefined && isDeepStrictEqual(value, before)) return []
  if (typeof value === 'string') return checkText(value, field, schema)
  if (typeof value === 'number') return checkNumber(value, field, schema)
  const { items, properties = {}, required = [], maxItems = Infinity } = schema
  if (Array.isArray(value)) {
    const message = `Too many: ${value.length}: must have at most ${maxItems} items`
    return [
      ...(value.length > maxItems ? [{ reason: 'FieldValueTooMany', field, message }] : []),
      ...(items ? value.flatMap((each, at) => checkValue(each, `${field}[${at}]`, items)) : []),
    ]
  }
  if (!isRecord(value)) return []
  const old = isRecord(before) ? before : {}
  return [
    ...required.filter(name => value[name] === undefined).map(name => missing(inside(field, name))),
    ...Object.entries(properties).flatMap(([name, schemaInside]) =>
      value[name] === undefined
        ? []
        : checkValue(value[name], inside(field, name), schemaInside, old[name]),
    ),
  ]
}

/** Checks the spec of an object against the schema of its kind, and drops the fields that the schema does not know. */
export const checkSchema = (object: StoredObject): readonly Cause[] => {
  const [group = ''] = object.apiVersion.split('/', 1)
  const schema = schemas[`${group}/${object.kind}`]
  if (!schema) return []
  const { spec } = object
  if (spec !== undefined) return checkValue(spec, 'spec', schema.spec)
  return schema.isRequired ? [missing('spec')] : []
}
