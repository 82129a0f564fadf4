/** An answer of the API server that is not a success; `status` is the HTTP code, `reason` Kubernetes' word. */
export class ApiError extends Error {
  readonly status: number
  readonly reason: string
  constructor(status: number, reason: string, message: string) {
    super(message)
    this.status = status
    this.reason = reason
  }
}
