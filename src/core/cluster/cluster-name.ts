/** `spec.clusterName` and the namespaces named after it are DNS labels. */
export const clusterName = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/
