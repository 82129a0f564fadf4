import '../kubernetes/reflect-metadata.ts'
import { KeyObject, randomBytes, webcrypto } from 'node:crypto'

/** A key pair of a Sealed Secrets controller; `certificate` is PEM, what people seal with. */
export type SealingKey = Readonly<{ privateKey: KeyObject; certificate: string }>

// The controller makes RSA 4096; half of it is enough here and much faster to make.
const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
}
const tenYears = 10 * 365 * 24 * 3600 * 1000

/** Makes a sealing key with a self-signed certificate that names nobody (sealed-secrets cmd/controller/keys.go). */
export const createSealingKey = async (): Promise<SealingKey> => {
  // Loaded here because a bundler may put an import of a package before the polyfill above.
  const { X509CertificateGenerator } = await import('@peculiar/x509')
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      keys,
      signingAlgorithm: algorithm,
      name: '',
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + tenYears),
      // The leading digits keep the serial number positive.
      serialNumber: `01${randomBytes(15).toString('hex')}`,
    },
    webcrypto,
  )
  return { privateKey: KeyObject.from(keys.privateKey), certificate: certificate.toString('pem') }
}
