import { HttpMethod, type RequestContext } from '@kubernetes/client-node'

/**
 * Tells whether a request changes nothing, so that it may be sent twice: a GET, or the question whether the user may do
 * something, which the Kubernetes API takes as a POST.
 */
export const isRead = (request: RequestContext): boolean =>
  request.getHttpMethod() === HttpMethod.GET ||
  new URL(request.getUrl()).pathname.endsWith('/selfsubjectaccessreviews')
