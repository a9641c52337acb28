//! AWS: legacy Cost and Usage Reports, daily, one file a month.

use super::aws_rows::{Bill, Cover, Resource};
use super::days::periods;
use super::meter::Meter;
use super::{SampleError, SampleFile};

pub(super) const PRODUCTION: &str = "310415926501";
const STAGING: &str = "310415926502";
const DATA: &str = "271828182803";
const SHARED: &str = "141421356204";

/// Rates of instances in 10⁻⁶ USD an hour.
const M6I_8XLARGE: i64 = 1_536_000;
const M6I_16XLARGE: i64 = 3_072_000;
const G5_4XLARGE: i64 = 1_624_000;
const R6G_4XLARGE: i64 = 2_066_000;
/// A day of one instance, in thousandths of an hour.
const ALL_DAY: i64 = 24_000;

const fn resource(account: &'static str, product: &'static str, usage_type: &'static str, meter: Meter) -> Resource {
    Resource { account, product, usage_type, operation: "", unit: "Hrs", id: "", tags: &[], cover: Cover::None, meter }
}

impl Resource {
    const fn id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    const fn does(self, operation: &'static str, unit: &'static str) -> Self {
        Self { operation, unit, ..self }
    }

    const fn tags(self, tags: &'static [(&'static str, &'static str)]) -> Self {
        Self { tags, ..self }
    }

    const fn cover(self, cover: Cover) -> Self {
        Self { cover, ..self }
    }
}

/// What runs, squad by squad. Tags are as untidy as people leave them.
const RESOURCES: &[Resource] = &[
    // payments: the ledger, on a savings plan and a reserved database.
    resource(PRODUCTION, "AmazonEC2", "BoxUsage:m6i.8xlarge", Meter::new(M6I_8XLARGE, ALL_DAY))
        .does("RunInstances", "Hrs")
        .id("i-0a5e11edger000001")
        .tags(&[("team", "payments"), ("env", "prod"), ("app", "ledger")])
        .cover(Cover::SavingsPlan),
    resource(PRODUCTION, "AmazonRDS", "InstanceUsage:db.r6g.4xl", Meter::new(R6G_4XLARGE, ALL_DAY))
        .does("CreateDBInstance:0014", "Hrs")
        .id("arn:aws:rds:eu-west-1:310415926501:db:ledger")
        .tags(&[("team", "payments"), ("env", "prod"), ("app", "ledger")])
        .cover(Cover::Reservation),
    resource(PRODUCTION, "AmazonRDS", "InstanceUsage:db.r6g.4xl", Meter::new(R6G_4XLARGE, ALL_DAY).weekend(0))
        .does("CreateDBInstance:0014", "Hrs")
        .id("arn:aws:rds:eu-west-1:310415926501:db:ledger-reports")
        .tags(&[("Team", "Payments"), ("env", "Prod"), ("app", "ledger")])
        .cover(Cover::Reservation),
    resource(PRODUCTION, "AmazonDynamoDB", "WriteRequestUnits", Meter::new(1_412, 24_100_000).growth(12).noise(35))
        .does("PutItem", "1000 Requests")
        .id("arn:aws:dynamodb:eu-west-1:310415926501:table/idempotency")
        .tags(&[("team", "payments"), ("env", "prod")]),
    // checkout: the shop, whose release of 12 May was announced.
    resource(
        PRODUCTION,
        "AmazonECS",
        "Fargate-vCPU-Hours:perCPU",
        Meter::new(44_520, 2_150_000).growth(10).noise(30).step(5, 12, 1430),
    )
    .does("FargateTask", "vCPU-Hours")
    .id("arn:aws:ecs:eu-west-1:310415926501:service/shop/checkout-web")
    .tags(&[("team", "checkout"), ("env", "prod"), ("app", "checkout-web")]),
    resource(PRODUCTION, "AmazonElastiCache", "NodeUsage:cache.r6g.xlarge", Meter::new(411_000, 72_000))
        .does("CreateCacheCluster:0002", "Hrs")
        .id("arn:aws:elasticache:eu-west-1:310415926501:cluster:sessions")
        .tags(&[("team", "Checkout"), ("Environment", "production")]),
    resource(STAGING, "AmazonECS", "Fargate-vCPU-Hours:perCPU", Meter::new(44_520, 510_000).weekend(0).noise(60))
        .does("FargateTask", "vCPU-Hours")
        .id("arn:aws:ecs:eu-west-1:310415926502:service/shop/checkout-web")
        .tags(&[("team", "checkout"), ("env", "stg"), ("app", "checkout-web")]),
    // search: three GPU instances started on 9 May that nobody announced, and a model that is new in May.
    resource(PRODUCTION, "AmazonES", "ESInstance:r6g.2xlarge", Meter::new(402_000, 192_000))
        .does("ESDomain", "Hrs")
        .id("arn:aws:es:eu-west-1:310415926501:domain/products")
        .tags(&[("team", "search"), ("env", "PRD")]),
    resource(PRODUCTION, "AmazonEC2", "BoxUsage:m6i.8xlarge", Meter::new(M6I_8XLARGE, ALL_DAY))
        .does("RunInstances", "Hrs")
        .id("i-0a5e7ra11ker00001")
        .tags(&[("team", "search-team"), ("env", "prod"), ("app", "ranker")]),
    resource(PRODUCTION, "AmazonEC2", "BoxUsage:g5.4xlarge", Meter::new(G5_4XLARGE, ALL_DAY).from(5, 9))
        .does("RunInstances", "Hrs")
        .id("i-0e3bedd1ng5000001")
        .tags(&[("team", "search"), ("env", "prod"), ("app", "embeddings")]),
    resource(PRODUCTION, "AmazonEC2", "BoxUsage:g5.4xlarge", Meter::new(G5_4XLARGE, ALL_DAY).from(5, 9))
        .does("RunInstances", "Hrs")
        .id("i-0e3bedd1ng5000002")
        .tags(&[("team", "search"), ("env", "prod"), ("app", "embeddings")]),
    resource(PRODUCTION, "AmazonEC2", "BoxUsage:g5.4xlarge", Meter::new(G5_4XLARGE, ALL_DAY).from(5, 9))
        .does("RunInstances", "Hrs")
        .id("i-0e3bedd1ng5000003")
        .tags(&[("team", "search"), ("env", "prod"), ("app", "embeddings")]),
    resource(PRODUCTION, "AmazonBedrock", "EUW1-OutputTokens", Meter::new(15_000, 1_640_000).noise(120).from(5, 4))
        .does("InvokeModelInference", "1K tokens")
        .id("arn:aws:bedrock:eu-west-1:310415926501:inference-profile/query-rewriting")
        .tags(&[("team", "search"), ("env", "prod")]),
    // data: the lake; EMR was switched off on 26 April when its jobs moved to BigQuery.
    resource(DATA, "AmazonS3", "EUW1-TimedStorage-ByteHrs", Meter::new(23_000, 3_050_000).growth(18))
        .does("StandardStorage", "GB-Mo")
        .id("larkspur-lake")
        .tags(&[("team", "data"), ("env", "prod"), ("app", "lake")]),
    resource(DATA, "AWSGlue", "EUW1-ETL-DPU-Hour", Meter::new(440_000, 108_000).weekend(450).noise(70))
        .does("Jobrun", "DPU-Hour")
        .id("arn:aws:glue:eu-west-1:271828182803:job/orders-nightly")
        .tags(&[(" squad", "data"), ("env", "prod")]),
    resource(
        DATA,
        "ElasticMapReduce",
        "EUW1-BoxUsage:m6i.4xlarge",
        Meter::new(192_000, 290_000).noise(40).until(4, 26),
    )
    .does("RunInstances", "Hrs")
    .id("arn:aws:elasticmapreduce:eu-west-1:271828182803:cluster/j-0SESSIONISE")
    .tags(&[("team", "data"), ("env", "prod")]),
    // mobile
    resource(
        PRODUCTION,
        "AmazonApiGateway",
        "EUW1-ApiGatewayRequest",
        Meter::new(3_500, 5_300_000).weekend(1180).noise(50),
    )
    .does("ApiGatewayRequest", "1000 Requests")
    .id("arn:aws:apigateway:eu-west-1::/restapis/mobile-bff")
    .tags(&[("Team", "mobile"), ("Environment", "Prod")]),
    resource(
        PRODUCTION,
        "AmazonCloudFront",
        "EU-DataTransfer-Out-Bytes",
        Meter::new(85_000, 610_000).weekend(1240).noise(45),
    )
    .does("GET", "GB")
    .id("arn:aws:cloudfront::310415926501:distribution/E1MAGES")
    .tags(&[("Team", "mobile"), ("Environment", "Prod")]),
    // security
    resource(SHARED, "AmazonGuardDuty", "EUW1-PaidEventsAnalyzed", Meter::new(4_000, 5_200_000).noise(25))
        .does("CloudTrailEvents", "1000 Events")
        .id("arn:aws:guardduty:eu-west-1:141421356204:detector/9c1e")
        .tags(&[(" squad", "security"), ("env", "prod")]),
    // platform: the nodes, scaled down at weekends, and what everyone shares and nobody tags.
    resource(SHARED, "AmazonEC2", "BoxUsage:m6i.16xlarge", Meter::new(M6I_16XLARGE, ALL_DAY).weekend(417))
        .does("RunInstances", "Hrs")
        .id("i-0c1u57er0de000001")
        .tags(&[("team", "platform"), ("env", "prod")])
        .cover(Cover::SavingsPlan),
    resource(SHARED, "AmazonEKS", "EUW1-AmazonEKS-Hours:perCluster", Meter::new(100_000, 72_000))
        .does("CreateOperation", "Hrs")
        .id("arn:aws:eks:eu-west-1:141421356204:cluster/shared"),
    resource(SHARED, "AmazonEC2", "EUW1-NatGateway-Bytes", Meter::new(48_000, 690_000).noise(55))
        .does("NatGateway", "GB")
        .id("arn:aws:ec2:eu-west-1:141421356204:natgateway/nat-0egress"),
    resource(SHARED, "AmazonCloudWatch", "EUW1-DataProcessing-Bytes", Meter::new(570_000, 46_000).noise(40))
        .does("PutLogEvents", "GB")
        .id("arn:aws:logs:eu-west-1:141421356204:log-group:shared"),
    // Nobody's: an instance and a volume that outlived a trial.
    resource(PRODUCTION, "AmazonEC2", "BoxUsage:m6i.8xlarge", Meter::new(M6I_8XLARGE, ALL_DAY))
        .does("RunInstances", "Hrs")
        .id("i-0f0rg0tten0000001"),
    resource(PRODUCTION, "AmazonEC2", "EUW1-EBS:VolumeUsage.gp3", Meter::new(88_000, 68_000))
        .does("CreateVolume-Gp3", "GB-Mo")
        .id("vol-0f0rg0tten0000001"),
    // What nobody uses any more, and everybody forgot: EMR's scratch disk, a snapshot, a load balancer, an address.
    resource(DATA, "AmazonEC2", "EUW1-EBS:VolumeUsage.gp3", Meter::new(88_000, 16_667))
        .does("CreateVolume-Gp3", "GB-Mo")
        .id("vol-0e3rscratch000001")
        .tags(&[("team", "data"), ("env", "prod")]),
    resource(PRODUCTION, "AmazonEC2", "EUW1-EBS:SnapshotUsage", Meter::new(50_000, 12_000))
        .does("CreateSnapshot", "GB-Mo")
        .id("arn:aws:ec2:eu-west-1:310415926501:snapshot/snap-01edger2025000001")
        .tags(&[("team", "payments"), ("env", "prod")]),
    resource(STAGING, "AWSELB", "EUW1-LoadBalancerUsage", Meter::new(25_200, ALL_DAY))
        .does("LoadBalancing:Application", "Hrs")
        .id("arn:aws:elasticloadbalancing:eu-west-1:310415926502:loadbalancer/app/checkout-old/7d1c")
        .tags(&[("team", "checkout"), ("env", "stg")]),
    resource(SHARED, "AmazonVPC", "EUW1-PublicIPv4:IdleAddress", Meter::new(5_000, ALL_DAY))
        .does("AllocateAddressVPC", "Hrs")
        .id("arn:aws:ec2:eu-west-1:141421356204:elastic-ip/eipalloc-0f0rg0tten"),
];

pub(super) fn files() -> Result<Vec<SampleFile>, SampleError> {
    let mut files = Vec::new();
    for period in periods() {
        let mut bill = Bill::new(&period)?;
        for &day in &period.days {
            for (stream, resource) in RESOURCES.iter().enumerate() {
                if let Some(reading) = resource.meter.read(stream as u64, day) {
                    bill.usage(resource, day, reading)?;
                }
            }
            bill.savings_plan_fee(day)?;
        }
        bill.reservation_fee()?;
        bill.support()?;
        bill.credit()?;
        if period.number() == 4 {
            bill.refund()?;
        }
        if period.is_final {
            bill.taxes()?;
        }
        files.push(SampleFile { name: format!("aws-cur-{}.csv", period.month), bytes: bill.finish()? });
    }
    Ok(files)
}
