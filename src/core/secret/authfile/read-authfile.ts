import { z } from 'zod'
import type { RefusedError } from '../../../errors.ts'
import { refusedAuthfile } from './refused-authfile.ts'
import { layersOfBase64 } from '../layers-of-base64.ts'

const text = z.string().nullish()
const entry = z.looseObject({
  auth: text,
  identitytoken: text,
  username: z.unknown().optional(),
  password: z.unknown().optional(),
})
const mapping = z.record(z.string(), z.unknown())
const authfile = z.looseObject({
  // Go reads null as an entry without anything.
  auths: z.record(z.string(), entry.nullable()),
  credHelpers: z.record(z.string(), z.string()).nullish(),
  credsStore: text,
})

/** One entry of `auths`, as far as podman reads it; the two fields that it ignores tell a mistake. */
export type AuthEntry = Readonly<z.infer<typeof entry>>

/** An authfile: what containers/image reads of it (image/pkg/docker/config/config.go:30-38). */
export type Authfile = Readonly<{
  entries: ReadonlyMap<string, AuthEntry>
  helpers: ReadonlyMap<string, string>
  hasStore: boolean
}>

/** An authfile of one registry has some hundred bytes; a cluster's whole pull secret some thousand. */
export const authfileLimit = 64 * 1024

const login = 'write it with `podman login --authfile FILE REGISTRY` and pass that file itself'

/**
 * Reads an authfile. Throws RefusedError with a code for each way in which it is none. No message holds
 * anything of the file: Node's own JSON errors quote their input and are dropped.
 */
export const readAuthfile = (bytes: Uint8Array): Authfile => {
  const content = decode(bytes)
  const value = parseJson(content)
  const found = mapping.safeParse(value).data
  const layers = typeof value === 'string' ? layersOfBase64(value, isMapping) : null
  if (layers !== null) throw encoded(layers)
  if (!found)
    throw refusedAuthfile('AUTHFILE_INVALID', 'it is JSON, but no mapping of registries', login)
  if (found['apiVersion'] !== undefined || found['kind'] !== undefined) throw manifest()
  if (found['auths'] === undefined || found['auths'] === null) throw withoutAuths(found)
  const parsed = authfile.safeParse(found)
  if (!parsed.success)
    throw refusedAuthfile(
      'AUTHFILE_INVALID',
      'podman cannot read it: `auths` is not a mapping of registries to entries, or `auth` is not text',
      login,
    )
  const { auths, credHelpers, credsStore } = parsed.data
  const none = entry.parse({})
  return {
    entries: new Map(Object.entries(auths).map(([key, value]) => [key, value ?? none])),
    helpers: new Map(Object.entries(credHelpers ?? {})),
    hasStore: Boolean(credsStore),
  }
}

const decode = (bytes: Uint8Array): string => {
  if (bytes.length > authfileLimit)
    throw refusedAuthfile(
      'AUTHFILE_TOO_LARGE',
      `it has more than ${authfileLimit / 1024} KiB`,
      'pass the authfile of one registry',
    )
  const head = Buffer.from(bytes.subarray(0, 3)).toString('hex')
  if (head === 'efbbbf')
    throw refusedAuthfile(
      'AUTHFILE_BOM',
      'it begins with a byte order mark, which podman does not read',
      "save it as UTF-8 without one: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE",
    )
  let content: string
  try {
    content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    const isWide = head.startsWith('fffe') || head.startsWith('feff')
    throw refusedAuthfile(
      'AUTHFILE_ENCODING',
      isWide ? 'it is UTF-16, as PowerShell writes it, not UTF-8' : 'it is not UTF-8',
      'save it as UTF-8 without a byte order mark',
    )
  }
  if (content.trim() === '') throw refusedAuthfile('AUTHFILE_EMPTY', 'it is empty', login)
  return content
}

const parseJson = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    const layers = layersOfBase64(content, isMapping)
    if (layers !== null) throw encoded(layers)
    if (/^(?:apiVersion|kind|data|stringData):/m.test(content)) throw manifest()
    throw refusedAuthfile('AUTHFILE_NOT_JSON', 'it is not JSON, or not all of it', login)
  }
}

const isMapping = (content: string): boolean => /^\s*\{[^]*\}\s*$/.test(content)

const encoded = (layers: number): RefusedError =>
  refusedAuthfile(
    'AUTHFILE_BASE64',
    `it is base64 of an authfile${layers === 1 ? '' : `, ${layers} times over`}`,
    `pass the file itself, which has no base64 around it: ${'base64 -d < FILE | '.repeat(layers)}sower seal --authfile - …`,
  )

const manifest = (): RefusedError =>
  refusedAuthfile(
    'AUTHFILE_MANIFEST',
    'it is a Kubernetes manifest, not the authfile in it',
    'take the file out: `oc extract secret/NAME --to=-`, or write a new one with `podman login --authfile FILE REGISTRY`',
  )

const withoutAuths = (found: Readonly<Record<string, unknown>>): RefusedError => {
  const values = Object.values(found)
  if (found['credsStore'] !== undefined) return inStore()
  if (values.length > 0 && values.every(value => mapping.safeParse(value).data?.['auth']))
    return refusedAuthfile(
      'AUTHFILE_LEGACY',
      'it is an old .dockercfg, without `auths` around its entries',
      login,
    )
  return refusedAuthfile('AUTHFILE_NO_AUTHS', 'it has no `auths`', login)
}

/** Docker Desktop keeps the password elsewhere; podman does not even read `credsStore`. */
export const inStore = (): RefusedError =>
  refusedAuthfile(
    'AUTHFILE_CREDS_STORE',
    'the credential is in a store of this machine (`credsStore`), not in the file',
    'log in with podman, which writes it into the file: `podman login --authfile FILE REGISTRY`',
  )
