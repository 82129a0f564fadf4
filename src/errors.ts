/** Every code that a message, a check or a refusal carries; docs/errors.md names each one. */
export const errorCodes = [
  'ACCESS_MISSING',
  'WEBHOOK_SECRET_WEAK',
  'ACCESS_NOT_PROVEN',
  'ALREADY_DETACHED',
  'APPLICATION_SET',
  'APPLICATION_WOULD_BE_EMPTY',
  'ARGOCD_FAILED',
  'ARGUMENT_INVALID',
  'AUTHFILE_AMBIGUOUS',
  'AUTHFILE_AUTH_ENCODING',
  'AUTHFILE_AUTH_TWICE',
  'AUTHFILE_BASE64',
  'AUTHFILE_BOM',
  'AUTHFILE_CONTROL',
  'AUTHFILE_CREDS_STORE',
  'AUTHFILE_CRED_HELPER',
  'AUTHFILE_EMPTY',
  'AUTHFILE_EMPTY_ENTRY',
  'AUTHFILE_ENCODING',
  'AUTHFILE_EXPIRED',
  'AUTHFILE_EXPIRES',
  'AUTHFILE_IDENTITY_TOKEN',
  'AUTHFILE_INVALID',
  'AUTHFILE_KEY_CASE',
  'AUTHFILE_KEY_TAG',
  'AUTHFILE_LEGACY',
  'AUTHFILE_MANIFEST',
  'AUTHFILE_NEWLINE',
  'AUTHFILE_NOT_JSON',
  'AUTHFILE_NO_AUTHS',
  'AUTHFILE_NO_COLON',
  'AUTHFILE_NO_MATCH',
  'AUTHFILE_NO_PASSWORD',
  'AUTHFILE_NO_USER',
  'AUTHFILE_NUL',
  'AUTHFILE_OTHER_NAMESPACE',
  'AUTHFILE_OTHER_PORT',
  'AUTHFILE_PARTIAL_SEGMENT',
  'AUTHFILE_PLAIN_FIELDS',
  'AUTHFILE_PULL_SECRET',
  'AUTHFILE_REDUCED',
  'AUTHFILE_SANITISED',
  'AUTHFILE_SHORT_LIVED',
  'AUTHFILE_TOKEN_ALONE',
  'AUTHFILE_TOO_LARGE',
  'AUTHFILE_TRAILING_SLASH',
  'BRANCH_SHARED',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_INVALID',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_UNREACHABLE',
  'CERTIFICATE_WEAK',
  'CLUSTER_AMBIGUOUS',
  'CLUSTER_NOT_FOUND',
  'CLUSTER_RECREATED',
  'CLUSTER_UNAVAILABLE',
  'COMMIT_DIFFERS',
  'CONFIGURATION_INVALID',
  'CONFIGURATION_MISSING',
  'CREDENTIAL_LEAKED',
  'DATA_IN_USE',
  'DELIVERY_UNKNOWN',
  'DEPENDENT_SHARED',
  'DEMO_FAILED',
  'DEMO_STUCK',
  'DETACH_REVERTED',
  'DETACH_SLOW',
  'EDIT_MOVED',
  'EDIT_NOT_PROVEN',
  'EDIT_UNSUPPORTED',
  'ENTRY_INLINE',
  'ENTRY_MISSING',
  'ENTRY_OUTSIDE',
  'ENTRY_REMOTE',
  'ENTRY_SYMLINK',
  'ENTRY_UNREADABLE',
  'FILE_UNREADABLE',
  'GITHUB_FAILED',
  'GIT_CONFLICT',
  'GIT_FAILED',
  'GUARD_REFUSED',
  'HEAD_MOVED',
  'HELM_RENDERED',
  'IMAGE_INVALID',
  'IMAGE_NOT_PROVEN',
  'INTERNAL',
  'INVENTORY_INVALID',
  'KEY_MISMATCH',
  'KUSTOMIZATION_MISSING',
  'KUSTOMIZATION_UNREADABLE',
  'KUSTOMIZE_MISSING',
  'MERGE_CONFLICT',
  'NOT_A_SEED',
  'OBJECT_CONFLICT',
  'OBJECT_REFUSED',
  'OUTPUT_FOREIGN',
  'OUTPUT_UNWRITABLE',
  'PERMISSION_DENIED',
  'PLAIN_DIRECTORY',
  'PLUGIN_MANIFEST_INVALID',
  'PORT_IN_USE',
  'PREFLIGHT_FAILED',
  'PROOF_REFUSED',
  'PROOF_STATIC',
  'PUSH_DENIED',
  'REATTACH_RISK',
  'RECORD_INVALID',
  'RECORD_MISSING',
  'REGISTRY_UNREACHABLE',
  'RENDER_EMPTY_LIST',
  'RENDER_FAILED',
  'RENDER_NEEDS_PLUGIN',
  'RENDER_TIMEOUT',
  'RENDER_TOO_LARGE',
  'REQUEST_INVALID',
  'ROOTS_DIFFER',
  'RUN_CHANGED',
  'RUN_EXISTS',
  'SEALED_AGE',
  'SEALED_CERTIFICATE_CHANGED',
  'SEALED_CONFLICT',
  'SEALED_COVERS',
  'SEALED_DRIFTED',
  'SEALED_EXPIRY',
  'SEALED_FOR_OTHER',
  'SEALED_ITEMS',
  'SEALED_KEY',
  'SEALED_LAST_APPLIED',
  'SEALED_LENGTH',
  'SEALED_LIVE',
  'SEALED_LIVE_DIFFERS',
  'SEALED_NOT_ASKED',
  'SEALED_NOT_CIPHERTEXT',
  'SEALED_NO_KEY',
  'SEALED_PLAIN_SECRET',
  'SEALED_PROVENANCE',
  'SEALED_READABLE',
  'SEALED_SCOPE',
  'SEALED_TARGET',
  'SEALED_TEMPLATE_DATA',
  'SEALED_UNREADABLE',
  'SEALED_V1_DATA',
  'SCAN_INCOMPLETE',
  'SECRET_NOT_READY',
  'SEED_GENERATOR_DIFFERS',
  'SEED_GENERATOR_EXISTS',
  'SEED_GENERATOR_INVALID',
  'SEED_SECRET_EXISTS',
  'SET_ASIDE',
  'SHARED_FILE',
  'SITE_CONFIG',
  'UNCOMMITTED_CHANGES',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** `fix` is what the reader can do about it, a sentence. */
type Details = Readonly<{ fix?: string; cause?: unknown }>

/** The base of all errors that Sower raises on purpose: a code, a chain of activities and a way out. */
export class SowerError extends Error {
  readonly code: ErrorCode
  readonly fix: string | undefined
  readonly exitCode: number = 1
  constructor(code: ErrorCode, message: string, { fix, cause }: Details = {}) {
    super(message, cause === undefined ? {} : { cause })
    this.name = new.target.name
    this.code = code
    this.fix = fix
  }
}

/** The caller's words or surroundings are wrong: argv, configuration, a missing program, a port in use. */
export class InputError extends SowerError {
  override readonly exitCode = 2
}

/** A check or guard says no; nothing was changed. */
export class RefusedError extends SowerError {
  override readonly exitCode = 3
}

/** The world moved under an act: observe again, then decide again. */
export class ConflictError extends SowerError {
  override readonly exitCode = 75
}

/** An outside system gave no answer: try later. */
export class UnavailableError extends SowerError {
  override readonly exitCode = 75
}

/** An outside system answered that the act cannot be done; trying again will not help. */
export class FailedError extends SowerError {}

/** What an error says of itself, whatever was thrown. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
