/** Codes that fail a scan, a credential or the chance of one; docs/scan.md names each. */
export const leakCodes = [
  'AUTHFILE_MATERIAL',
  'PRIVATE_KEY',
  'SEALED_LAST_APPLIED',
  'SEALED_NO_CIPHERTEXT',
  'SEALED_TEMPLATE_DATA',
  'SEALED_V1_DATA',
  'SEEDGEN_SECRET_PLAIN',
  'YAML_UNREADABLE',
] as const

/** Codes that are reported and fail nothing: repositories of this kind hold other Secrets on purpose. */
export const noteCodes = [
  'KNOWN_SECRET',
  'MANAGED_ELSEWHERE',
  'NOT_SCANNED',
  'REMOVED_CREDENTIAL',
] as const

export type FindingCode = (typeof leakCodes)[number] | (typeof noteCodes)[number]

/** Where something was found: never the value, no excerpt, no length. */
export type ScanFinding = Readonly<{ path: string; line: number; code: FindingCode }>

const leaks: ReadonlySet<FindingCode> = new Set(leakCodes)

/** True if a finding fails the scan. */
export const isLeak = (
  { code }: Pick<ScanFinding, 'code'>,
  { failOnKnownSecrets }: Readonly<{ failOnKnownSecrets: boolean }>,
): boolean => leaks.has(code) || (failOnKnownSecrets && code === 'KNOWN_SECRET')
