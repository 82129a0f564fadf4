import type { AgentText } from './agent-text.ts'
import { agentTexts, imagerLogCommand } from './agent-texts.ts'

/** The meaning of the Lifecycle Agent's last message, and the next step for a person. */
export type AgentAdvice = Readonly<Pick<AgentText, 'kind' | 'cause' | 'fix'>>

/**
 * The beginning of a failure in SeedGenCompleted. What is found after the imager begins with it twice
 * (seedgen_controller.go:1045, 1059-1066).
 */
const failurePrefix = /^(?:Seed generation failed: )+/

/**
 * Explains a rejection or a failure of the Lifecycle Agent; null for a message of progress, for success and for silence. A
 * failure that no table knows is that of the imager only where it can be.
 */
export const explainAgent = (message: string | null): AgentAdvice | null => {
  if (message === null) return null
  const text = message.replace(failurePrefix, '')
  const isFailure = text !== message
  const [known] = agentTexts
    .filter(({ begins }) => text.startsWith(begins))
    .sort((a, b) => b.begins.length - a.begins.length)
  if (known) return { kind: known.kind, cause: known.cause, fix: known.fix }
  if (!isFailure) return null
  return {
    kind: 'imager',
    cause: 'this version of Sower does not know that text',
    fix: `look at the log of the Lifecycle Agent's pod, and at what the imager said: \`${imagerLogCommand}\``,
  }
}

const waits = 'Waiting for system to stabilize: '

const parts: readonly (readonly [RegExp, string])[] = [
  [/clusteroperator|operator.*not ready/i, 'look at `oc get clusteroperators`'],
  [/machineconfigpool|mcp/i, 'look at `oc get mcp`: a paused or degraded pool never gets there'],
  [/clusterversion/i, 'look at `oc get clusterversion`'],
  [
    /csr|certificatesigningrequest/i,
    'look at `oc get csr`, and approve what is yours (`oc adm certificate approve NAME`) or delete it',
  ],
  [
    /csv|clusterserviceversion/i,
    'look at `oc get csv -A`: each must be Succeeded, also of operators that are not used',
  ],
  [/sriov/i, 'look at `oc get sriovnetworknodestates -A`: each must have synced'],
  [/\bnode\b/i, 'look at `oc get nodes`'],
]

/**
 * The thing that the Lifecycle Agent itself waits for before it begins, without end (seedgen_controller.go:759), and the fix;
 * null where the message is another.
 */
export const agentWaits = (
  message: string | null,
): Readonly<{ what: string; fix: string }> | null => {
  if (!message?.startsWith(waits)) return null
  const what = message.slice(waits.length)
  const found = parts.filter(([pattern]) => pattern.test(what)).map(([, fix]) => fix)
  return { what, fix: found.length > 0 ? found.join('; ') : 'fix what it names on the seed' }
}
