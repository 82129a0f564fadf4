import type { Base } from '../../base.ts'
import type { Context } from '../../context.ts'
import type { Checkout } from '../../ports/repository.ts'
import { imageBeforeDetach } from '../../preflight/check-before-detach.ts'
import { withoutTemplate } from '../request-by-label.ts'
import { requestsIn } from '../requests-in.ts'

/** The image of the request file that a head brings for a cluster, else the template's. Throws RefusedError IMAGE_INVALID. */
export const imageAskedFor = async (
  context: Context,
  { base, head, cluster }: Readonly<{ base: Base; head: Checkout; cluster: string }>,
): Promise<string> => {
  const written = requestsIn(head, base).find(request => request.cluster === cluster)
  const image = written?.image ?? (await imageBeforeDetach(context, base.config, cluster))
  if (image === null) throw withoutTemplate(cluster)
  return image
}
