import type { Companion } from '../../core/companions/find-companions.ts'
import type { PlanReport } from '../../core/report/plan-report.ts'
import type { Proof } from '../../core/proof/proof.ts'
import type { Plan } from '../../core/detach/plan-detach.ts'
import { RefusedError } from '../../errors.ts'
import type { Clone } from '../clone/clone.ts'

/** The proof's part of a report, after that of an earlier step. */
export const describeProof = (
  { shown }: Clone,
  { roots, isStatic, kustomize }: Proof,
  before?: PlanReport,
): Pick<PlanReport, 'proof' | 'kustomize' | 'roots'> => ({
  proof: isStatic || before?.proof === 'static' ? 'static' : 'rendered',
  kustomize,
  roots: [
    ...(before?.roots ?? []),
    ...roots.map(({ path, removed, added, changed, left }) => ({
      path: shown(path),
      ...{ removed, added, changed, left },
    })),
  ],
})

/** The items of other lists that are edited too, and those that match nothing any more. */
export const describePatches = (
  { shown }: Clone,
  { dependents, deadPatches }: Plan,
): PlanReport['patches'] => [
  ...dependents.map(({ path, key, line }) => ({
    ...{ file: shown(path), key, line },
    action: 'edited' as const,
  })),
  ...deadPatches.map(({ kustomization, key, line }) => ({
    ...{ file: shown(kustomization.path), key, line },
    action: 'matches-nothing' as const,
  })),
]

/** The entry that would take out all of the cluster, and nothing else. */
export const describeWhole = ({ shown }: Clone, { whole }: Plan): PlanReport['whole'] =>
  whole && {
    file: shown(whole.kustomization.path),
    key: whole.entry.key,
    entry: whole.entry.value,
    line: whole.entry.line,
    objects: whole.objects,
  }

/** A companion as the report shows it. */
export const describeCompanion = (
  { shown }: Clone,
  { object, kustomization, key, line, isAlone }: Companion,
  isRemoved: boolean,
): PlanReport['companions'][number] => ({
  object,
  file: shown(kustomization.path),
  key,
  line,
  removable: isAlone,
  leaves: isAlone && isRemoved,
})

/** Error for a proof of an edit that does not show what was meant. */
export const notProven = (
  { refusal, isStatic }: Proof,
  { activity, fix }: Readonly<{ activity: string; fix: string }>,
): RefusedError =>
  new RefusedError(isStatic ? 'PROOF_STATIC' : 'PROOF_REFUSED', `${activity}: ${refusal ?? ''}`, {
    fix: isStatic
      ? `set SOWER_KUSTOMIZE_PLUGIN_HOME to the directory of the plugins, accept it with --accept-static-proof, or ${fix}`
      : fix,
  })
