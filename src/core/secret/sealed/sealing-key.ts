import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto'
import { RefusedError } from '../../../errors.ts'
import { seal } from './seal.ts'
import { isKeySize } from './split-sealed.ts'

/** The key that values are sealed with, and what is known of it. */
export type SealingKey = Readonly<{
  publicKey: KeyObject
  /** As `ssh-keygen -lf` prints it: `SHA256:…`. It survives a re-issued certificate. */
  fingerprint: string
  /** The end of its certificate, ISO 8601; null for a bare public key, which has no time of its own. */
  notAfter: string | null
}>

/** The least length of a key. The controller makes keys of 4096; NIST SP 800-131A allows no less than this. */
const leastBits = 2048
const fetchIt = 'fetch the current one from the controller: `kubeseal --fetch-cert`'

/**
 * Reads the controller's certificate (PEM, as /v1/cert.pem gives it; the first one of several) or a bare RSA
 * public key. Throws RefusedError CERTIFICATE_INVALID when it is neither, CERTIFICATE_EXPIRED (as kubeseal
 * does: kubeseal.go:63-65), CERTIFICATE_NOT_YET_VALID or CERTIFICATE_WEAK. `now` is ISO 8601.
 */
export const readSealingKey = (pem: string, now: string): SealingKey => {
  const { publicKey, notBefore, notAfter } = parse(pem)
  const refuse = (code: RefusedError['code'], reason: string): RefusedError =>
    new RefusedError(code, `reading the sealing certificate: ${reason}`, { fix: fetchIt })
  if (notAfter !== null && notAfter < now)
    throw refuse('CERTIFICATE_EXPIRED', `it expired on ${notAfter}`)
  if (notBefore !== null && notBefore > now)
    throw refuse('CERTIFICATE_NOT_YET_VALID', `it is valid from ${notBefore} on only`)
  const { modulusLength: bits = 0, publicExponent = 0n } = { ...publicKey.asymmetricKeyDetails }
  if (bits < leastBits)
    throw refuse('CERTIFICATE_WEAK', `its key has ${bits} bits; fewer than ${leastBits} are broken`)
  // With 1 everyone could open what is sealed; an even one is of no RSA key.
  if (publicExponent < 3n || publicExponent % 2n === 0n)
    throw refuse('CERTIFICATE_WEAK', `its public exponent is ${publicExponent}`)
  if (bits % 8 !== 0 || !isKeySize(bits / 8))
    throw invalid(`its key has ${bits} bits, and is none that a controller makes`)
  if (!canSeal(publicKey)) throw invalid('its key cannot seal anything')
  return { publicKey, fingerprint: fingerprintOf(publicKey), notAfter }
}

/** Tries to encrypt with a key: a malformed modulus shows only then. */
const canSeal = (publicKey: KeyObject): boolean => {
  try {
    seal(new Uint8Array(), { scope: 'cluster-wide', namespace: '', name: '' }, publicKey)
    return true
  } catch {
    return false
  }
}

type Parsed = Readonly<{
  publicKey: KeyObject
  notBefore: string | null
  notAfter: string | null
}>

const parse = (pem: string): Parsed => {
  const [, kind] = /^-----BEGIN ([A-Z0-9 ]+)-----/m.exec(pem) ?? []
  if (kind?.includes('PRIVATE KEY'))
    throw invalid('it is a private key, which belongs to the controller alone')
  let parsed: Parsed
  try {
    parsed =
      kind === 'PUBLIC KEY' || kind === 'RSA PUBLIC KEY'
        ? { publicKey: createPublicKey(pem), notBefore: null, notAfter: null }
        : fromCertificate(new X509Certificate(pem))
  } catch {
    throw invalid('it is not an RSA certificate or public key in PEM form')
  }
  if (parsed.publicKey.asymmetricKeyType !== 'rsa')
    throw invalid('it is not an RSA certificate: its key is of another kind')
  return parsed
}

const fromCertificate = ({ publicKey, validFrom, validTo }: X509Certificate): Parsed => ({
  publicKey,
  notBefore: new Date(validFrom).toISOString(),
  notAfter: new Date(validTo).toISOString(),
})

const invalid = (reason: string): RefusedError =>
  new RefusedError('CERTIFICATE_INVALID', `reading the sealing certificate: ${reason}`, {
    fix: fetchIt,
  })

/** The ssh fingerprint of an RSA public key, which is how the controller names its keys (crypto.go:24-30). */
export const fingerprintOf = (publicKey: KeyObject): string => {
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' })
  const field = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  // An ssh integer with its highest bit set gets a leading zero, or it would be negative.
  const integer = (encoded: string): Buffer => {
    const bytes = Buffer.from(encoded, 'base64url')
    return field(bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
  }
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), integer(e), integer(n)])
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/**
 * True if a sealed value cannot have been sealed with a key: its RSA part has another length, or is not
 * less than the modulus. No proof of the contrary: no key can be read from a value (crypto.go:78).
 */
export const isExcluded = (publicKey: KeyObject, wrapped: Uint8Array): boolean => {
  const { n = '' } = publicKey.export({ format: 'jwk' })
  const modulus = Buffer.from(n, 'base64url')
  return wrapped.length !== modulus.length || modulus.compare(wrapped) <= 0
}
