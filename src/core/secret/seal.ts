import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { InputError, RefusedError } from '../../errors.ts'
import { labelOf, type SealTarget } from './scope.ts'

/** The key that values are sealed with, and what is known of it. */
export type SealingKey = Readonly<{
  publicKey: KeyObject
  /** As `ssh-keygen -lf` prints it: `SHA256:…`. It survives a re-issued certificate. */
  fingerprint: string
  notAfter: string
}>

/**
 * Reads the controller's certificate (PEM, as /v1/cert.pem gives it). Throws InputError
 * CERTIFICATE_INVALID when it is not an RSA certificate, RefusedError CERTIFICATE_EXPIRED when it is out of
 * its time, as kubeseal does (kubeseal.go:63-65). `now` is ISO 8601.
 */
export const readCertificate = (pem: string, now: string): SealingKey => {
  const certificate = parseCertificate(pem)
  const notAfter = new Date(certificate.validTo).toISOString()
  if (notAfter < now)
    throw new RefusedError(
      'CERTIFICATE_EXPIRED',
      `reading the sealing certificate: it expired on ${notAfter}`,
      { fix: 'fetch the current one: `kubeseal --fetch-cert`' },
    )
  return {
    publicKey: certificate.publicKey,
    fingerprint: fingerprintOf(certificate.publicKey),
    notAfter,
  }
}

const parseCertificate = (pem: string): X509Certificate => {
  const invalid = (cause?: unknown): InputError =>
    new InputError(
      'CERTIFICATE_INVALID',
      'reading the sealing certificate: it is no RSA certificate in PEM form',
      {
        fix: 'fetch it from the controller: `kubeseal --fetch-cert`',
        cause,
      },
    )
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(pem)
  } catch (cause) {
    throw invalid(cause)
  }
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') throw invalid()
  return certificate
}

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
 * Seals bytes for a target, in the controller's own format: length, RSA-OAEP(SHA-256) of a session key with
 * the target as label, AES-256-GCM of the bytes with a zero nonce (crypto.go:32-73; the key is used once).
 * Returns standard base64, as it stands in `spec.encryptedData`. The caller wipes `plain`.
 */
export const seal = (plain: Uint8Array, target: SealTarget, publicKey: KeyObject): string => {
  const sessionKey = randomBytes(32)
  const wrapped = publicEncrypt(
    {
      key: publicKey,
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: labelOf(target),
    },
    sessionKey,
  )
  const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12))
  const length = Buffer.alloc(2)
  length.writeUInt16BE(wrapped.length)
  const sealed = Buffer.concat([
    length,
    wrapped,
    cipher.update(plain),
    cipher.final(),
    cipher.getAuthTag(),
  ])
  sessionKey.fill(0)
  return sealed.toString('base64')
}
