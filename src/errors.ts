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
  'AUTHFILE_INVALID',
  'AUTHFILE_NO_MATCH',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_INVALID',
  'CLUSTER_AMBIGUOUS',
  'CLUSTER_NOT_FOUND',
  'CLUSTER_RECREATED',
  'CLUSTER_UNAVAILABLE',
  'CONFIGURATION_INVALID',
  'CONFIGURATION_MISSING',
  'CREDENTIAL_LEAKED',
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
  'FILE_UNREADABLE',
  'GITHUB_FAILED',
  'GIT_CONFLICT',
  'GIT_FAILED',
  'HEAD_MOVED',
  'HELM_RENDERED',
  'IMAGE_INVALID',
  'IMAGE_NOT_PROVEN',
  'INTERNAL',
  'KEY_MISMATCH',
  'KUSTOMIZATION_MISSING',
  'KUSTOMIZATION_UNREADABLE',
  'KUSTOMIZE_MISSING',
  'MERGE_CONFLICT',
  'NOT_A_SEED',
  'OBJECT_CONFLICT',
  'OBJECT_REFUSED',
  'PERMISSION_DENIED',
  'PLAIN_DIRECTORY',
  'PORT_IN_USE',
  'PREFLIGHT_FAILED',
  'PROOF_REFUSED',
  'PROOF_STATIC',
  'PUSH_DENIED',
  'REATTACH_RISK',
  'RECORD_INVALID',
  'RECORD_MISSING',
  'REGISTRY_UNREACHABLE',
  'RENDER_EMPTY',
  'RENDER_EMPTY_LIST',
  'RENDER_FAILED',
  'RENDER_NEEDS_PLUGIN',
  'RENDER_TIMEOUT',
  'RENDER_TOO_LARGE',
  'REQUEST_INVALID',
  'ROOTS_DIFFER',
  'RUN_CHANGED',
  'RUN_EXISTS',
  'SCAN_INCOMPLETE',
  'SECRET_NOT_READY',
  'SEED_GENERATOR_DIFFERS',
  'SEED_GENERATOR_EXISTS',
  'SEED_GENERATOR_INVALID',
  'SEED_SECRET_EXISTS',
  'SHARED_FILE',
  'SITE_CONFIG',
  'UNCOMMITTED_CHANGES',
] as const

export type ErrorCode = (typeof errorCodes)[number]

type Details = Readonly<{
  /** What the reader can do about it, a sentence. */
  fix?: string
  cause?: unknown
}>

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
