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
  const { minLength = 0, pattern } = schema
  const wrong = [
    ...(value.length < minLength ? [`be at least ${minLength} chars long`] : []),
    ...(pattern !== undefined && !new RegExp(pattern).test(value) ? [`match '${pattern}'`] : []),
  ]
  return wrong.map(what => ({
    reason: 'FieldValueInvalid',
    field,
    message: `Invalid value: "${value}": ${field} in body should ${what}`,
  }))
}

// Prunes in place what a closed schema does not name, and finds what the rest gets wrong.
const check = (value: unknown, field: string, schema: Schema): readonly Cause[] => {
  const type = typeOf(value)
  if (type !== schema.type) {
    const message = `Invalid value: "${type}": ${field} in body must be of type ${schema.type}: "${type}"`
    return [{ reason: 'FieldValueTypeInvalid', field, message }]
  }
  if (typeof value === 'string') return checkText(value, field, schema)
  const { items, properties = {}, required = [] } = schema
  if (Array.isArray(value))
    return items ? value.flatMap((each, index) => check(each, `${field}[${index}]`, items)) : []
  if (!isRecord(value)) return []
  if (schema.closed)
    for (const name of Object.keys(value))
      if (!(name in properties)) Reflect.deleteProperty(value, name)
  return [
    ...required.filter(name => value[name] === undefined).map(name => missing(`${field}.${name}`)),
    ...Object.entries(properties).flatMap(([name, inner]) =>
      value[name] === undefined ? [] : check(value[name], `${field}.${name}`, inner),
    ),
  ]
}

/** Checks the spec of an object against the schema of its kind, and drops the fields that the schema does not know. */
export const checkSchema = (object: StoredObject): readonly Cause[] => {
  const [group = ''] = object.apiVersion.split('/', 1)
  const schema = schemas[`${group}/${object.kind}`]
  if (!schema) return []
  const { spec } = object
  if (spec !== undefined) return check(spec, 'spec', schema.spec)
  return schema.isRequired ? [missing('spec')] : []
}
