import { duplicateCluster } from './duplicate-cluster.ts'
import { explicitEmpty } from './explicit-empty.ts'
import type { Guard } from './guard.ts'
import { inventory } from './inventory.ts'
import { noPlainSecret } from './no-plain-secret.ts'
import { sealedSecret } from './sealed-secret.ts'
import { seedExclusive } from './seed-exclusive.ts'
import { seedGenerator } from './seed-generator.ts'

/** Every guard, in the order in which they are told of. Parameters and documentation are made from it. */
export const guards: readonly Guard[] = [
  explicitEmpty,
  duplicateCluster,
  seedGenerator,
  seedExclusive,
  noPlainSecret,
  sealedSecret,
  inventory,
]
