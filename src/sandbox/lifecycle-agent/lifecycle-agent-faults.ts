/** A call of the agent to its host or API that can go wrong, with the agent's own words around the error. */
const tellings = {
  'wipe before': error => `failed to wipe previous workspace: ${error}`,
  'remove container': error => `failed to delete previous imager container: ${error}`,
  'make directory': error => `failed to create workdir: ${error}`,
  'pull recert': error =>
    `failed to pull recert image: failed to pull recertImage (quay.io/edge-infrastructure/recert:v0): ${error}`,
  'write authfile': error => `failed to write /var/lib/lca/ibu-seedgen-orch/auth.json: ${error}`,
  'delete roles': error =>
    `failed to cleanup resources: failed to delete clusterrole klusterlet: ${error}`,
  'delete Succeeded pods': error => `failed to cleanup Succeeded pods: ${error}`,
  'delete Failed pods': error => `failed to cleanup Failed pods: ${error}`,
  'delete machine configs': error => `failed to cleanup old machine configs, err: ${error}`,
  'delete Secret': error => `unable to delete seedgen secret CR: ${error}`,
  'delete SeedGenerator': error => `unable to delete seedgen CR: ${error}`,
  'delete upgrade': error => `failed to delete IBU CR: ${error}`,
  'start imager': error => `imager failed: failed to run imager container: ${error}`,
  'keep imager': () => 'unexpected return from launching imager container',
  // finishSeedgen's errors begin as the condition does (seedgen_controller.go:1045).
  'inspect imager': error =>
    `Seed generation failed: imager container status check failed: ${error}`,
  'wipe after': error => `Seed generation failed: failed to wipe workspace: ${error}`,
} as const satisfies Readonly<Record<string, (error: string) => string>>

/** A call that can go wrong. */
export type AgentCall = keyof typeof tellings

/** The faults that can be injected. */
export type LifecycleAgentFaults = Readonly<{
  /** A health check that fails as long as this answers with a text. */
  unhealthy?: () => string | undefined
  /** The container exits with 1 after it has pushed the image. */
  restorationFails?: boolean
  /** Seconds from the end of the imager to the return of the API, instead of the usual. */
  recoverySeconds?: number
  /** The API of the seed never comes back. */
  apiStaysAway?: boolean
  /** Pod sandboxes that CRI-O finds when it starts again. */
  staleSandboxes?: number
  /** The node writes no pull secret that the Machine Config Operator gives it. */
  pullSecretStays?: boolean
  /** Facts of the host that the agent looks at; each is well unless it is named. */
  lacks?: 'ostree admin set-default' | 'shared container storage' | 'dnsmasq'
  /** A check of the system that gets no answer: its name as the agent tells it. */
  unanswered?: string
  /** Errors of single calls. */
  errors?: Partial<Readonly<Record<AgentCall, string>>>
}>

/** The end of a generation as failed, with this cause in its conditions. */
export class Failure extends Error {}

/** Throws Failure with the agent's words where that call is to go wrong. */
export const failIfBroken = ({ errors }: LifecycleAgentFaults, call: AgentCall): void => {
  const error = errors?.[call]
  if (error !== undefined) throw new Failure(tellings[call](error))
}
