import { searchCluster } from '../../core/cluster/find-cluster.ts'
import type { Base } from '../base.ts'
import type { Context } from '../context.ts'
import type { Checkout } from '../ports/repository.ts'
import { findListed } from './find-listed.ts'

/** Tells whether the roots of a checkout list a cluster, by name or by what they render. */
export const isListed = async (
  { namer }: Context,
  checkout: Checkout,
  { config: { roots }, cluster }: Pick<Base, 'config'> & Readonly<{ cluster: string }>,
): Promise<boolean> => {
  const { found } = searchCluster(checkout.tree, { cluster, roots })
  return (await findListed(namer, checkout, { cluster, roots, found })) !== null
}
