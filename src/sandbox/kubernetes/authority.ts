import './reflect-metadata.ts'
import { KeyObject, randomBytes, webcrypto } from 'node:crypto'
import type { ExtendedKeyUsage, Extension, JsonName } from '@peculiar/x509'
import { stringify } from 'yaml'

/** A certificate and its private key, both PEM. */
export type Credential = Readonly<{ certificate: string; key: string }>

/** A certificate authority of the sandbox, for servers and for client certificates. */
export type Authority = Readonly<{
  /** The authority's own certificate, PEM: what clients trust. */
  certificate: string
  issueServer: (of: Readonly<{ hosts: readonly string[] }>) => Promise<Credential>
  issueClient: (
    of: Readonly<{ commonName: string; organizations?: readonly string[] }>,
  ) => Promise<Credential>
}>

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 24 * 3600 * 1000

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

const pemOf = (key: webcrypto.CryptoKey): string =>
  KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString()

// A leading zero bit keeps the serial number positive.
const serialNumber = (): string => {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

const validity = (): Readonly<{ notBefore: Date; notAfter: Date }> => ({
  notBefore: new Date(Date.now() - day),
  notAfter: new Date(Date.now() + 3650 * day),
})

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host)

/** Makes a new certificate authority (EC P-256). */
export const createAuthority = async ({ name }: Readonly<{ name: string }>): Promise<Authority> => {
  // Loaded here because a bundler may put an import of a package before the polyfill above.
  const x509 = await import('@peculiar/x509')
  x509.cryptoProvider.set(webcrypto)
  const keys = await generateKeys()
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [name] }],
    ...validity(),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const issue = async (
    subject: JsonName,
    usage: ExtendedKeyUsage,
    extensions: Extension[],
  ): Promise<Credential> => {
    const { publicKey, privateKey } = await generateKeys()
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject,
      issuer: own.subject,
      ...validity(),
      signingAlgorithm: algorithm,
      publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ...extensions,
      ],
    })
    return { certificate: certificate.toString('pem'), key: pemOf(privateKey) }
  }
  return {
    certificate: own.toString('pem'),
    issueServer: ({ hosts }) =>
      issue([{ CN: [hosts[0] ?? 'localhost'] }], x509.ExtendedKeyUsage.serverAuth, [
        new x509.SubjectAlternativeNameExtension(
          hosts.map(value => ({ type: isAddress(value) ? 'ip' : 'dns', value })),
        ),
      ]),
    // Kubernetes reads the user from CN and the groups from O.
    issueClient: ({ commonName, organizations = [] }) =>
      issue(
        [...organizations.map(organization => ({ O: [organization] })), { CN: [commonName] }],
        x509.ExtendedKeyUsage.clientAuth,
        [],
      ),
  }
}

/** Writes a kubeconfig with an inline client certificate and no token, as the installer's admin kubeconfig is. */
export const kubeconfigOf = (
  of: Readonly<{ url: string; authority: Authority; client: Credential; name: string }>,
): string => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: of.name,
          cluster: {
            server: of.url,
            'certificate-authority-data': base64(of.authority.certificate),
          },
        },
      ],
      users: [
        {
          name: 'admin',
          user: {
            'client-certificate-data': base64(of.client.certificate),
            'client-key-data': base64(of.client.key),
          },
        },
      ],
      contexts: [{ name: 'admin', context: { cluster: of.name, user: 'admin' } }],
      'current-context': 'admin',
      preferences: {},
    },
    { lineWidth: 0 },
  )
}
