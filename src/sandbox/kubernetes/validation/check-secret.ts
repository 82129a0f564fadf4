import { isDeepStrictEqual } from 'node:util'
import { isRecord } from '../requests/parse-object.ts'
import { badRequestError, type Cause } from '../status-error.ts'
import type { StoredObject } from '../object-store.ts'

const undecodable = (why: string): Error =>
  badRequestError(`Secret in version "v1" cannot be handled as a Secret: ${why}`)

// Go's decoder skips line ends, and names the first byte that it cannot read; -1 when it can read all.
const firstBadByte = (text: string): number => {
  const bare = text.replace(/[\r\n]/g, '')
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(bare)) return -1
  const bad = bare.search(/[^A-Za-z0-9+/]/)
  return bad === -1 ? bare.length - (bare.length % 4) : bad
}

const typeName = (value: unknown): string => {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'number'
  return Array.isArray(value) ? 'array' : 'object'
}

/** Finds what the server cannot even decode: data that is not base64, values that are no strings. Throws the 400. */
export const checkSecretEncoding = (secret: StoredObject): void => {
  for (const [field, type] of [
    ['data', '[]uint8'],
    ['stringData', 'string'],
  ] as const) {
    const values = secret[field]
    if (!isRecord(values)) continue
    for (const value of Object.values(values)) {
      // Go reads null as an empty value.
      if (value === null) continue
      if (typeof value !== 'string')
        throw undecodable(
          `json: cannot unmarshal ${typeName(value)} into Go struct field Secret.${field} of type ${type}`,
        )
      const bad = field === 'data' ? firstBadByte(value) : -1
      if (bad !== -1) throw undecodable(`illegal base64 data at input byte ${bad}`)
    }
  }
}

const keyPattern = /^[-._a-zA-Z0-9]+$/
const requiredKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
}

/** Finds what validation refuses in a Secret (kubernetes pkg/apis/core/validation, ValidateSecret and ValidateSecretUpdate). */
export const checkSecret = (
  secret: StoredObject,
  previous: StoredObject | undefined,
): readonly Cause[] => {
  const data = isRecord(secret['data']) ? secret['data'] : {}
  const type = typeof secret['type'] === 'string' ? secret['type'] : 'Opaque'
  const required = requiredKeys[type]
  const causes: Cause[] = Object.keys(data)
    .filter(key => !keyPattern.test(key))
    .map(key => ({
      reason: 'FieldValueInvalid',
      field: `data[${key}]`,
      message: `Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
    }))
  if (required !== undefined && data[required] === undefined)
    causes.push({
      reason: 'FieldValueRequired',
      field: `data[${required}]`,
      message: 'Required value',
    })
  if (previous && type !== previous['type'])
    causes.push({
      reason: 'FieldValueInvalid',
      field: 'type',
      message: `Invalid value: "${type}": field is immutable`,
    })
  if (previous?.['immutable'] === true && !isDeepStrictEqual(data, previous['data'] ?? {}))
    causes.push({
      reason: 'FieldValueForbidden',
      field: 'data',
      message: 'Forbidden: field is immutable when `immutable` is set',
    })
  return causes
}
