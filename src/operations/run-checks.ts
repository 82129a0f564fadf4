import type { Check } from '../core/preflight/check.ts'
import type { Facts } from '../core/preflight/facts.ts'
import { neededRights } from '../core/preflight/rights/needed-rights.ts'
import { judgeRows, queriesOf, rowsOf } from '../core/preflight/tables.ts'
import { affectedBy } from '../core/proof/affected-by.ts'
import type { Proof } from '../core/proof/proof.ts'
import { isAdopted } from '../core/run/detaching/is-adopted.ts'
import type { Run, Sha } from '../core/run/run.ts'
import { parseImageReference } from '../core/seedgen/image-reference.ts'
import { absent, mapSeen, present, unknown, type Seen } from '../core/seen.ts'
import type { Base } from './base.ts'
import type { Context } from './context.ts'
import { ownBranch } from './effects/own-branch.ts'
import { findApplications } from './hub/find-applications.ts'
import { observeAccessOf } from './observe/observe-access-of.ts'
import { proveAccess } from './hub/prove-access.ts'
import { observeDelivery } from './observe/observe-delivery.ts'
import { askQueries } from './preflight/ask-queries.ts'
import { broughtCredential } from './preflight/brought-credential.ts'
import { askRights } from './preflight/ask-rights.ts'
import { askToken } from './preflight/ask-token.ts'
import { rightPlaces } from './preflight/right-places.ts'
import { credentialInGit, spentBefore } from './preflight/spent-before.ts'
import { connectWith } from './seed/connect-seed.ts'
import { findKubeconfig } from './seed/find-kubeconfig.ts'

/**
 * Every check of git, hub, seed and registry that can be answered before the detach: the rows of the tables in
 * src/core/preflight/. Nothing is thrown for an answer that does not come: such a check is 'unknown', and blocks.
 */
export const runChecks = async (
  context: Context,
  {
    base,
    run,
    proof,
    head,
    edited = [],
  }: Readonly<{
    base: Base
    run: Run
    proof: Proof | null
    head: Sha | null
    /** The files that the pull request changes. */
    edited?: readonly string[]
  }>,
): Promise<readonly Check[]> => {
  const { ports } = context
  const { cluster, image } = run.request
  const said = {
    repository: context.settings.repository || null,
    branch: context.settings.branch || null,
  }
  const { config } = base
  const adopt = isAdopted(run)
  const rows = rowsOf(adopt ? 'adopt' : 'detach')
  const { paths: roots, left } = affectedBy(proof ?? { roots: [] })
  const kubeconfig = await findKubeconfig(context, cluster, { early: !adopt })
  const seed = connectWith(ports, kubeconfig)
  const askable = {
    hub: present(ports.hub),
    seed: seed === null ? withoutSeed(kubeconfig) : present(seed),
    names: { '{cluster}': cluster, '{argocd}': config.argocd.namespace },
    conceal: ports.conceal,
  }
  const own = ownBranch(config, run.request, 'seed-generator')
  const [git, baseUse, ownBranchRules, applications, delivery, access, answers] = await Promise.all(
    [
      lookInGit(context, { base, head, run }),
      ports.forge.branchUse(context.settings.branch),
      ports.forge.branchRules(own),
      adopt ? absent : findApplications({ ports, settings: said }, { config, roots }),
      observeDelivery(context, { config, image, seed }),
      adopt ? observeAccessOf(context, run) : tryOut(context, kubeconfig),
      askQueries(askable, queriesOf(rows)),
    ],
  )
  const needed = neededRights(
    rightPlaces({
      ...{ cluster, config, access: context.settings.namespace, applications, answers, adopt },
    }),
  )
  const [onHub, onSeed, token] = await Promise.all([
    askRights(askable.hub, needed.hub),
    askRights(askable.seed, needed.seed),
    askToken(ports.argocd, applications, config.argocd.namespace),
  ])
  const facts: Facts = {
    recertImage: config.recertImage,
    ...{ adopt, cluster, image, imageTemplate: config.image ?? null, imageFor: config.imageFor },
    git: {
      ...git,
      ...spentBefore(base, cluster),
      refusal: proof?.refusal,
      credential: credentialInGit(base),
      ...{ commit: config.commit, ownBranchRules },
      baseIsProtected: mapSeen(baseUse, ({ isProtected }) => isProtected),
    },
    argocd: {
      ...{ applications, left, token, edited },
      ...{ controlPlane: config.argocd.namespace, now: context.now().toISOString() },
    },
    access,
    rights: { hub: onHub, seed: onSeed },
    registry: {
      brought: git.brought,
      secret: delivery.hubSecret,
      mayPush: delivery.mayPush,
      tag: delivery.tag,
      ...(await ports.registry.way?.(parseImageReference(image))),
    },
  }
  return judgeRows(rows, answers, facts)
}

/** The kubeconfig that was found, tried out; nothing of it is saved for this. */
const tryOut = async (context: Context, kubeconfig: Seen<string>): Promise<Facts['access']> =>
  kubeconfig.seen === 'present' ? proveAccess(context, kubeconfig.value) : kubeconfig

/** Why nothing of the seed is known: what kept its kubeconfig from us, where something did. */
const withoutSeed = (kubeconfig: Seen<string>): Seen<never> =>
  kubeconfig.seen === 'unknown' ? kubeconfig : unknown('unreachable')

type InGit = Pick<Facts['git'], 'leaks' | 'seedObjects'> & Pick<Facts['registry'], 'brought'>

/** Looks for forbidden and permitted objects in the commits of a head; nothing is looked for without a head. */
const lookInGit = async (
  context: Context,
  { base, head, run }: Readonly<{ base: Base; head: Sha | null; run: Run }>,
): Promise<InGit> => {
  if (head === null) return { leaks: absent, seedObjects: absent, brought: null }
  const { cluster, image } = run.request
  const now = context.now().toISOString()
  const { repository } = context.ports
  return {
    leaks: await context.findLeaks({ base, head }),
    seedObjects: await context.findSeedObjects({ base, head, cluster }),
    brought: broughtCredential(base, await repository.checkout(head), { image, now }),
  }
}
