/** Differences between the releases of the Lifecycle Agent, as far as a run can tell; 5.0 is main. */
export type AgentRelease = Readonly<{
  /** The exit code of the imager in words (seedgen_controller.go, checkImagerStatus). */
  exitCode: string
  /** The failed health checks as one text (internal/healthcheck/healthcheck.go). */
  tellFailures: (failures: readonly string[]) => string
  /** Checks the ClusterVersion; 5.0 asks about node, CSVs and CSRs only once operators and pools are well. */
  checks: 'all at once' | 'operators first'
  /** Clears the pod sandboxes before CRI-O starts again; without that each costs a minute (commit 1c1713e9b). */
  clearsSandboxes: boolean
}>

const header = 'one or more health checks failed'
const asList = (failures: readonly string[]): string => [header, ...failures].join('\n  - ')
const asSentence = (failures: readonly string[]): string => `${header}: ${failures.join('\n  - ')}`

const status = 'expected container status'
const code = 'expected container exit code'
const before420 = {
  tellFailures: asList,
  checks: 'all at once',
  clearsSandboxes: false,
} as const
const since420 = { ...before420, exitCode: code, tellFailures: asSentence }

/** The branches release-4.16 to release-4.22 and main, read at 0e1bf182c. */
export const agentReleases = {
  '4.16': { ...before420, exitCode: status },
  '4.17': { ...before420, exitCode: status },
  '4.18': { ...before420, exitCode: status },
  '4.19': { ...before420, exitCode: code },
  '4.20': since420,
  '4.21': since420,
  '4.22': { ...since420, clearsSandboxes: true },
  '5.0': { ...since420, checks: 'operators first', clearsSandboxes: true },
} as const satisfies Readonly<Record<string, AgentRelease>>

/** The name of a release. */
export type AgentReleaseName = keyof typeof agentReleases
