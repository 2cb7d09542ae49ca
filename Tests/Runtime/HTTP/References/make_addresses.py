"""Writes addresses.csv: what Python's `ipaddress` says of addresses, at every border of the special-purpose ranges."""

import ipaddress
import platform
import random

random.seed(6890)
RANGES = """0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/128 ::1/128
::ffff:0:0/96 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7
fe80::/10 fec0::/10 ff00::/8 2000::/3""".split()
texts = ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "8.8.8.8", "2606:4700::1111",
         "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:10.1.2.3", "::127.0.0.1", "64:ff9b::127.0.0.1",
         "64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8", "2002:7f00:1::", "2001:0:7f00:1::"]
for text in RANGES:
    net = ipaddress.ip_network(text)
    make = type(net.network_address)
    low, high = int(net.network_address), int(net.broadcast_address)
    for number in (low - 1, low, low + 1, random.randint(low, high), high - 1, high, high + 1):
        if 0 <= number < 1 << net.max_prefixlen:
            texts.append(str(make(number)))
texts += [str(ipaddress.IPv4Address(random.getrandbits(32))) for _ in range(100)]
texts += [str(ipaddress.IPv6Address(random.getrandbits(128))) for _ in range(100)]

with open("addresses.csv", "w") as out:
    out.write("address,global,loopback,private,link_local,multicast\n")
    for text in dict.fromkeys(texts):
        ip = ipaddress.ip_address(text)
        flags = (ip.is_global, ip.is_loopback, ip.is_private, ip.is_link_local, ip.is_multicast)
        out.write(",".join([text] + [str(int(flag)) for flag in flags]) + "\n")
print(platform.python_version())
