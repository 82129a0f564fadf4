import { z } from 'zod'
import type { Check } from '../core/preflight/check.ts'
import { checkNoCredential } from '../core/preflight/check-no-credential.ts'
import { checkNoSeedObject } from '../core/preflight/check-no-seed-object.ts'
import { checkManagedCluster } from '../core/preflight/check-managed-cluster.ts'
import { checkProof } from '../core/preflight/check-proof.ts'
import { checkApplication, checkEmpty } from '../core/preflight/check-application.ts'
import { checkHosts } from '../core/preflight/check-hosts.ts'
import { type Host } from '../core/preflight/check-hosts.ts'
import { checkNoSeedGenerator } from '../core/preflight/check-no-seed-generator.ts'
import { checkTag } from '../core/preflight/check-push.ts'
import { checkPush } from '../core/preflight/check-push.ts'
import { checkSecret } from '../core/preflight/check-secret.ts'
import type { Run, Sha } from '../core/run/run.ts'
import { absent, mapSeen, type Seen } from '../core/seen.ts'
import { findApplications } from './hub/find-applications.ts'
import type { Context } from './context.ts'
import type { FoundIn } from './scan-versions.ts'
import type { Base } from './base.ts'
import type { Proof } from '../core/proof/proof.ts'
import { findClusterInstances, readManagedCluster } from './hub/observe-remaining.ts'
import { observeDelivery } from './observe/observe-delivery.ts'
import { connectSeed } from './seed/connect-seed.ts'
import type { KubernetesObject } from './ports/cluster.ts'
import { affectedBy } from '../core/proof/affected-by.ts'
import { observeSeedGenerator } from './seed/observe-seed-generator.ts'
import { conditionsOf } from './conditions-of.ts'

/**
 * Every check of hub, seed and registry that can be answered before the detach. Nothing is thrown for an
 * answer that does not come: such a check is 'unknown', and blocks.
 */
export const runChecks = async (
  context: Context,
  {
    base,
    run,
    proof,
    head,
  }: Readonly<{ base: Base; run: Run; proof: Proof | null; head: Sha | null }>,
): Promise<readonly Check[]> => {
  const { ports } = context
  const { cluster, image } = run.request
  const { config } = base
  const { paths: roots, left } = affectedBy(proof ?? { roots: [] })
  const seed = await connectSeed(context, cluster, { early: true })
  const [git, managedCluster, hosts, applications, instances, delivery, seedGenerator] =
    await Promise.all([
      lookInGit(context, { base, head, cluster }),
      readManagedCluster(context, cluster),
      ports.hub.list({
        apiVersion: 'metal3.io/v1alpha1',
        kind: 'BareMetalHost',
        namespace: cluster,
      }),
      findApplications(context, { config, roots }),
      findClusterInstances(context, cluster),
      observeDelivery(context, { config, image, seed }),
      observeSeedGenerator(seed),
    ])
  return [
    checkNoCredential(git.leaks),
    checkNoSeedObject(git.seedObjects),
    checkProof(proof?.refusal),
    checkManagedCluster(mapSeen(managedCluster, conditionsOf)),
    checkHosts(mapSeen(hosts, found => found.map(readHost))),
    checkApplication(applications, instances),
    checkEmpty(applications, { left, canSync: ports.argocd !== null }),
    checkNoSeedGenerator(seedGenerator),
    checkSecret(delivery.hubSecret),
    checkPush(delivery.mayPush),
    checkTag(delivery.tag),
  ]
}

/** What the commits of a head bring that they must not; nothing is looked for without a head. */
const lookInGit = async (
  context: Context,
  { base, head, cluster }: Readonly<{ base: Base; head: Sha | null; cluster: string }>,
): Promise<Readonly<{ leaks: Seen<readonly FoundIn[]>; seedObjects: Seen<readonly string[]> }>> =>
  head === null
    ? { leaks: absent, seedObjects: absent }
    : {
        leaks: await context.findLeaks({ base, head }),
        seedObjects: await context.findSeedObjects({ base, head, cluster }),
      }

const hostStatus = z.looseObject({ operationalStatus: z.string().default('') })
const detachedBy = 'baremetalhost.metal3.io/detached'
const dangers = [
  'bmac.agent-install.openshift.io/remove-agent-and-node-on-delete',
  'bmac.agent-install.openshift.io/allow-provisioned-host-management',
]

const readHost = ({ metadata, status }: KubernetesObject): Host => {
  const annotations = metadata.annotations ?? {}
  const danger = dangers.find(name => annotations[name] !== undefined)
  const delays = (annotations[detachedBy] ?? '').includes('delay')
  return {
    name: metadata.name,
    isDetached:
      annotations[detachedBy] !== undefined &&
      hostStatus.safeParse(status).data?.operationalStatus === 'detached',
    danger:
      danger === undefined
        ? delays
          ? 'its deletion is delayed for ever'
          : null
        : `annotated ${danger}`,
  }
}
