import type { FieldPath } from './promotion.ts'

/** How a kind names the image, and what must stand in Git for it to be changed. */
export type PromotedKind = Readonly<{
  group: string
  kind: string
  /** The mapping with `image` and `version`; null where only sower.yaml says the fields. */
  ref: FieldPath | null
  /** The field that must say `Idle`. */
  stage: FieldPath | null
}>

/**
 * The kinds that name a seed image. ImageBasedUpgrade: lca.openshift.io_imagebasedupgrades.yaml, which refuses another
 * `seedImageRef` outside the stage Idle. ImageBasedGroupUpgrade: lcm.openshift.io_imagebasedgroupupgrades.yaml. A
 * ClusterInstance has no such field: an image-based one brings it in its templates' own values.
 */
export const promotedKinds: readonly PromotedKind[] = [
  {
    ...{ group: 'lca.openshift.io', kind: 'ImageBasedUpgrade' },
    ref: ['spec', 'seedImageRef'],
    stage: ['spec', 'stage'],
  },
  {
    ...{ group: 'lcm.openshift.io', kind: 'ImageBasedGroupUpgrade' },
    ref: ['spec', 'ibuSpec', 'seedImageRef'],
    stage: null,
  },
  {
    ...{ group: 'siteconfig.open-cluster-management.io', kind: 'ClusterInstance' },
    ...{ ref: null, stage: null },
  },
]
