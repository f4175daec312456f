// The same work by Go's net/http and encoding/json, as its documentation teaches them: one http.Client, a goroutine a
// connection, one processor like the other peers.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type param struct {
	S         *string    `json:"s"`
	Dt        *time.Time `json:"dt"`
	I         *int64     `json:"i"`
	D         *float64   `json:"d"`
	L         *nested    `json:"l"`
	Format    *string    `json:"format"`
	Precision *int64     `json:"precision"`
}

type nested struct {
	ID     string           `json:"id"`
	Params map[string]param `json:"params"`
}

type message struct {
	ID             string           `json:"id"`
	DefaultMessage string           `json:"default_message"`
	Args           []string         `json:"args"`
	Params         map[string]param `json:"params"`
	Localized      *string          `json:"localized"`
}

type session struct {
	Stage          string     `json:"stage"`
	CompletedWork  int64      `json:"completed_work"`
	TotalWork      int64      `json:"total_work"`
	StartTime      time.Time  `json:"start_time"`
	CompletionTime *time.Time `json:"completion_time"`
	Exception      *message   `json:"exception"`
}

type info struct {
	LastSyncTime *time.Time `json:"last_sync_time"`
	Status       string     `json:"status"`
	Polling      int64      `json:"polling_interval_in_seconds"`
	Session      *session   `json:"current_session_info"`
	Message      *message   `json:"status_message"`
}

// lines is the canonical text that harness/value_hash.hpp defines.
type lines []string

func (l *lines) text(path string, s *string) {
	if s != nil {
		*l = append(*l, path+"="+*s+"\n")
	}
}

func (l *lines) integer(path string, n *int64) {
	if n != nil {
		*l = append(*l, path+"="+strconv.FormatInt(*n, 10)+"\n")
	}
}

func (l *lines) date(path string, t *time.Time) {
	if t != nil {
		n := t.UnixMicro()
		l.integer(path, &n)
	}
}

func (l *lines) params(path string, all map[string]param) {
	for name, p := range all {
		at := path + "." + name
		l.text(at+".s", p.S)
		l.date(at+".dt", p.Dt)
		l.integer(at+".i", p.I)
		if p.D != nil {
			*l = append(*l, at+".d="+percentG17(*p.D)+"\n")
		}
		l.text(at+".format", p.Format)
		l.integer(at+".precision", p.Precision)
		if p.L != nil {
			l.text(at+".l.id", &p.L.ID)
			l.params(at+".l.params", p.L.Params)
		}
	}
}

func percentG17(d float64) string { return fmt.Sprintf("%.17g", d) }

func (l *lines) message(path string, m *message) {
	if m == nil {
		return
	}
	l.text(path+".id", &m.ID)
	l.text(path+".default_message", &m.DefaultMessage)
	for i := range m.Args {
		l.text(path+".args."+strconv.Itoa(i), &m.Args[i])
	}
	l.params(path+".params", m.Params)
	l.text(path+".localized", m.Localized)
}

func hash(v *info) uint64 {
	var l lines
	l.date("last_sync_time", v.LastSyncTime)
	l.text("status", &v.Status)
	l.integer("polling_interval_in_seconds", &v.Polling)
	if s := v.Session; s != nil {
		const at = "current_session_info"
		l.text(at+".stage", &s.Stage)
		l.integer(at+".completed_work", &s.CompletedWork)
		l.integer(at+".total_work", &s.TotalWork)
		l.date(at+".start_time", &s.StartTime)
		l.date(at+".completion_time", s.CompletionTime)
		l.message(at+".exception", s.Exception)
	}
	l.message("status_message", v.Message)
	sort.Strings(l)
	h := fnv.New64a()
	io.WriteString(h, strings.Join(l, ""))
	return h.Sum64()
}

var (
	server      = flag.String("server", "", "")
	caFile      = flag.String("ca-file", "", "")
	link        = flag.String("link", "", "")
	provider    = flag.String("provider", "", "")
	connections = flag.Int("connections", 64, "")
	requests    = flag.Int("requests", 100000, "")
	warmup      = flag.Int("warmup", 0, "")
	tokenFile   = flag.String("session-token-file", "", "")
	withHash    = flag.Bool("hash", false, "")
)

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go:", err)
		os.Exit(3)
	}
}

func ask(client *http.Client, token string) (*info, error) {
	request, err := http.NewRequest("GET", *server+"/api/hvc/links/"+*link+"/sync/providers/"+*provider, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	if token != "" {
		request.Header.Set("vmware-api-session-id", token)
	}
	reply, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	if reply.StatusCode != 200 {
		return nil, fmt.Errorf("status %d", reply.StatusCode)
	}
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		return nil, err
	}
	v := new(info)
	return v, json.Unmarshal(body, v)
}

// phase asks n times and returns each latency, the errors and the sum of the hashes.
func phase(client *http.Client, token string, n int) (latencies []time.Duration, errors, sum uint64) {
	latencies = make([]time.Duration, n)
	var taken int64
	var wait sync.WaitGroup
	for c := 0; c < *connections; c++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			sent := time.Now()
			for i := atomic.AddInt64(&taken, 1); i <= int64(n); i = atomic.AddInt64(&taken, 1) {
				v, err := ask(client, token)
				if err != nil {
					if atomic.AddUint64(&errors, 1) == 1 {
						fmt.Fprintln(os.Stderr, "go:", err)
					}
				} else if *withHash {
					atomic.AddUint64(&sum, hash(v))
				}
				now := time.Now()
				latencies[i-1] = now.Sub(sent)
				sent = now
			}
		}()
	}
	wait.Wait()
	return
}

func usage() syscall.Rusage {
	var u syscall.Rusage
	fatal(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return u
}

func cpuMicroseconds(u syscall.Rusage) float64 {
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3
}

func main() {
	flag.Parse()
	runtime.GOMAXPROCS(1)
	pem, err := os.ReadFile(*caFile)
	fatal(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	token := ""
	if *tokenFile != "" {
		text, err := os.ReadFile(*tokenFile)
		fatal(err)
		token = strings.TrimSpace(string(text))
	}
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		MaxConnsPerHost:     *connections,
		MaxIdleConnsPerHost: *connections,
		DisableCompression:  true,
	}}
	phase(client, token, *warmup)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, began := cpuMicroseconds(usage()), time.Now()
	latencies, errors, sum := phase(client, token, *requests)
	seconds := time.Since(began).Seconds()
	u := usage()
	runtime.ReadMemStats(&after)
	sort.Slice(latencies, func(i, j int) bool { return latencies[i] < latencies[j] })
	quantile := func(q float64) float64 { return float64(latencies[int(q*float64(len(latencies)-1))].Nanoseconds()) / 1e3 }
	n := float64(*requests)
	figures := map[string]any{
		"requests": *requests, "errors": errors, "wrong": 0, "seconds": seconds, "requests_per_second": n / seconds,
		"cpu_us_per_request": (cpuMicroseconds(u) - cpu) / n, "p50_us": quantile(0.5), "p99_us": quantile(0.99),
		"p999_us": quantile(0.999), "allocations_per_request": float64(after.Mallocs-before.Mallocs) / n,
		"peak_rss_kb": u.Maxrss, "connections_opened": *connections, "retries": 0,
	}
	if *withHash {
		figures["hash"] = fmt.Sprintf("%016x", sum)
	}
	fatal(json.NewEncoder(os.Stdout).Encode(figures))
	if errors == uint64(*requests) {
		os.Exit(1)
	}
}
