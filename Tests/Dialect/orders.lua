-- Has wrk send the orders of a file, one after the other, on one thread: wrk -t1 -c64 -d10s -s orders.lua URL -- FILE
local lines, refused = nil, 0

function init(arguments)
  lines = io.lines(arguments[1])
end

function request()
  local key, form = string.match(lines(), "(%S+) (%S+)")
  return wrk.format("POST", "/fapi/v1/order",
    {["X-MBX-APIKEY"] = key, ["Content-Type"] = "application/x-www-form-urlencoded"}, form)
end

function done(summary, latency)
  print(string.format("orders/s %.0f, p50 %.2f ms, p99 %.2f ms, refused %d",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.errors.status))
end
